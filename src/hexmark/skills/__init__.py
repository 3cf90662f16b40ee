"""What people can do, in words that an organisation shares: frameworks of skills, and what each job role asks for."""
