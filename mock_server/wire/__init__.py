"""What befalls a request on its way: the listeners, HTTPS, the time that a client has."""
