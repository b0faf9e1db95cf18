"""Forms as arguments of handlers."""

from typing import Annotated, TypeVar

from litestar.enums import RequestEncodingType
from litestar.params import Body

T = TypeVar("T")

Sent = Annotated[T, Body(media_type=RequestEncodingType.URL_ENCODED)]
