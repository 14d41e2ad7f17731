"""What every request passes through before Streamlit has it, from the outside in."""

from starlette.middleware import Middleware

from pages.bundle import Bundle
from pages.doors import Doors
from pages.headers import SecurityHeaders
from pages.nested import Nested
from pages.own_words import OwnWords

LAYERS = [Middleware(one) for one in (SecurityHeaders, Bundle, Nested, OwnWords, Doors)]
