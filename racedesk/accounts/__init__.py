"""How people get into the desk: login with its throttle, the way back with a forgotten password, life of a session."""
