"""The context that user code is called with, and the environment that it finds."""
import logging
import os

# What Function Compute leaves of its own variables.
KEPT_VARIABLES = {
    "FC_FUNC_CODE_PATH",
    "FC_FUNCTION_MEMORY_SIZE",
    "FC_RUNTIME_VERSION",
    "FC_ACCOUNT_ID",
    "FC_FUNCTION_HANDLER",
    "FC_FUNCTION_NAME",
    "FC_SERVICE_NAME",
    "FC_VER_ID",
    "FC_QUALIFIER",
    "FC_REGION",
    "FC_INSTANCE_ID",
    "FC_SNAPSHOT_FLAG",
}


def clean_environment():
    for name in list(os.environ):
        if name.startswith(("FC_", "_FC_")) and name not in KEPT_VARIABLES:
            del os.environ[name]


class Credentials:
    def __init__(self, given):
        self.access_key_id = given["accessKeyId"]
        self.access_key_secret = given["accessKeySecret"]
        self.security_token = given["securityToken"]


class FunctionMeta:
    """`version_id` and `qualifier` are where Python 3.12 of Function Compute has them."""

    def __init__(self, settings, call):
        self.name = settings["functionName"]
        self.handler = settings["handler"]
        self.memory = settings["memoryMb"]
        self.timeout = settings["timeoutSeconds"]
        self.version_id = settings["versionId"]
        self.qualifier = call["qualifier"]


class ServiceMeta:
    def __init__(self, settings, call):
        self.name = settings["serviceName"]
        self.log_project = settings["logProject"]
        self.log_store = settings["logStore"]
        self.qualifier = call["qualifier"]
        self.version_id = settings["versionId"]


class Tracing:
    """Nothing is traced here; code that asks finds the members empty."""

    def __init__(self):
        self.span_context = ""
        self.span_baggages = {}
        self.jaeger_endpoint = ""


class FCContext:
    def __init__(self, settings, call):
        self.account_id = settings["accountId"]
        self.request_id = call["requestId"]
        self.credentials = Credentials(settings["credentials"])
        self.function = FunctionMeta(settings, call)
        self.service = ServiceMeta(settings, call)
        self.region = settings["region"]
        self.tracing = Tracing()
        self.logger = logging.getLogger()
        self.log_project = settings["logProject"]
        self.log_store = settings["logStore"]
        self.retry_count = call["retryCount"]
