"""The ASGI app: routes, headers, start-up."""
