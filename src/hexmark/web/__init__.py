"""The site: pages for people, and the documents that verifiers fetch. Calls actions and queries, decides nothing itself."""
