"""What an account holds: claimed credentials, audiences, collections, shares."""
