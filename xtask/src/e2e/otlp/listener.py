# Takes OTLP over HTTP and tells what came, read by the code that is generated from OpenTelemetry's own definitions.
#
# Each line is JSON. The first is the port; then each export is the object that `told.rs` reads.
import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE
from opentelemetry.proto.trace.v1.trace_pb2 import Span

ONE_AT_A_TIME = threading.Lock()


def tell(value):
    with ONE_AT_A_TIME:
        print(json.dumps(value), flush=True)


def texts(attributes):
    return {pair.key: str(getattr(pair.value, pair.value.WhichOneof("value"))) for pair in attributes}


def number(kind, point):
    if kind == "histogram":
        return {"value": point.count, "in_buckets": sum(point.bucket_counts)}
    if kind == "exponential_histogram":
        counts = [*point.positive.bucket_counts, *point.negative.bucket_counts, point.zero_count]
        return {"value": point.count, "in_buckets": sum(counts)}
    return {"value": getattr(point, point.WhichOneof("value"))}


def points(request):
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                kind = metric.WhichOneof("data")
                data = getattr(metric, kind)
                temporality = getattr(data, "aggregation_temporality", AGGREGATION_TEMPORALITY_CUMULATIVE)
                for point in data.data_points:
                    yield {
                        "service": texts(resource.resource.attributes).get("service.name"),
                        "name": metric.name,
                        "cumulative": temporality == AGGREGATION_TEMPORALITY_CUMULATIVE,
                        "attributes": texts(point.attributes),
                        "time": point.time_unix_nano,
                        **number(kind, point),
                    }


def spans(request):
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                attributes = texts(span.attributes)
                yield {
                    "trace": span.trace_id.hex(),
                    "span": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(),
                    "service": texts(resource.resource.attributes).get("service.name"),
                    "kind": Span.SpanKind.Name(span.kind),
                    "name": span.name,
                    "nanos": span.end_time_unix_nano - span.start_time_unix_nano,
                    "reason": attributes.get("sampling.reason"),
                    "links": [link.trace_id.hex() for link in span.links],
                }


def records(request):
    for resource in request.resource_logs:
        for scope in resource.scope_logs:
            for record in scope.log_records:
                yield {
                    "trace": record.trace_id.hex(),
                    "span": record.span_id.hex(),
                    "request": texts(record.attributes).get("request_id"),
                    "service": texts(resource.resource.attributes).get("service.name"),
                    "scope": scope.scope.name,
                    "severity": record.severity_number,
                    "body": record.body.string_value,
                }


READERS = {
    "/v1/metrics": lambda body: {"points": list(points(ExportMetricsServiceRequest.FromString(body)))},
    "/v1/traces": lambda body: {"spans": list(spans(ExportTraceServiceRequest.FromString(body)))},
    "/v1/logs": lambda body: {"records": list(records(ExportLogsServiceRequest.FromString(body)))},
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        tell(READERS[self.path](body))
        # An answer without fields says that all was taken.
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
tell(server.server_port)
server.serve_forever()
