"""Django's PostgreSQL backend over the embedded server, and the programs and processes that server is made of."""
