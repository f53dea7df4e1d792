"""What a result or an error of user code becomes on the wire, in the shapes of Function Compute's Python runtime."""
import datetime
import decimal
import json
import traceback

RESULT_BYTES_MAX = 32 * 1024 * 1024
# Of the message of an error whose document would be larger than a result may be.
TEXT_KEPT_LENGTH = 64 * 1024


def encode_result(result):
    """Raises TypeError or ValueError when there can be no such result."""
    content = _encode(result)
    if len(content) > RESULT_BYTES_MAX:
        raise ValueError(
            "The result has %d bytes; at most %d can be returned." % (len(content), RESULT_BYTES_MAX)
        )
    return content


def _encode(result):
    if isinstance(result, (bytes, bytearray, memoryview)):
        return bytes(result)
    if isinstance(result, str):
        # Half a surrogate pair has no UTF-8; losing a whole result for it helps nobody.
        return result.encode("utf-8", "replace")
    return _to_json(result).encode("utf-8", "replace")


def _to_json(value):
    return json.dumps(value, default=_json_value, indent=4, sort_keys=True)


def _json_value(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if callable(getattr(value, "to_json", None)):
        return value.to_json()
    raise TypeError("%s is not JSON serializable" % _safely(lambda: repr(value), type(value).__name__))


def error_document(error, own_files):
    """The document of what escaped from user code; frames of our own files are left out."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename not in own_files]
    return _document(error, [_frame_parts(frame) for frame in frames])


def load_error_document(error, own_files):
    """The same for code that cannot be loaded, where Function Compute shows one flat list."""
    cause = error.__cause__ or error
    frames = [frame for frame in traceback.extract_tb(cause.__traceback__) if frame.filename not in own_files]
    parts = [part for frame in frames if "importlib" not in frame.filename for part in _frame_parts(frame)]
    said = [line.strip() for text in traceback.format_exception_only(type(cause), cause) for line in text.split("\n")]
    return _document(error, parts + [line for line in said if line])


def _frame_parts(frame):
    return ['File "%s"' % frame.filename, "line %s" % frame.lineno, "in %s" % frame.name, frame.line or ""]


def _document(error, stack_trace):
    fields = {
        "errorMessage": _safely(lambda: str(error), ""),
        "errorType": type(error).__name__,
        "stackTrace": stack_trace,
    }
    document = _to_json(fields).encode("utf-8", "replace")
    # One that is too large would break the protocol, and with it the instance.
    if len(document) > RESULT_BYTES_MAX:
        fields = {**fields, "errorMessage": _cut(fields["errorMessage"]), "stackTrace": []}
        document = _to_json(fields).encode("utf-8", "replace")
    return document


def _cut(text):
    return text if len(text) <= TEXT_KEPT_LENGTH else "%s… (%d characters)" % (text[:TEXT_KEPT_LENGTH], len(text))


def _safely(read, otherwise):
    """User code can make anything raise, `__str__` included."""
    try:
        return read()
    except Exception:
        return otherwise
