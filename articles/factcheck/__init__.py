"""The fact desk: prose read into claims, claims judged by a sheet of facts. Pure: no Django, no database."""
