// Both ends of the gRPC interoperability cases, as grpc-go has them.
//
//	interop client ADDRESS [HEADER ..]    runs the cases, and writes what a caller can see of each, but for these headers
//	interop server                        serves the same cases on a free port, and writes where
//
// The cases themselves are those of google.golang.org/grpc/interop; they end the process where one fails.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

var cases = []struct {
	name string
	run  func(context.Context, *grpc.ClientConn, testgrpc.TestServiceClient)
}{
	{"empty_unary", plain(interop.DoEmptyUnaryCall)},
	{"large_unary", plain(interop.DoLargeUnaryCall)},
	{"client_streaming", plain(interop.DoClientStreaming)},
	{"server_streaming", plain(interop.DoServerStreaming)},
	{"ping_pong", plain(interop.DoPingPong)},
	{"empty_stream", plain(interop.DoEmptyStream)},
	{"timeout_on_sleeping_server", plain(interop.DoTimeoutOnSleepingServer)},
	{"cancel_after_begin", plain(interop.DoCancelAfterBegin)},
	{"cancel_after_first_response", plain(interop.DoCancelAfterFirstResponse)},
	{"status_code_and_message", plain(interop.DoStatusCodeAndMessage)},
	{"special_status_message", plain(interop.DoSpecialStatusMessage)},
	{"custom_metadata", plain(interop.DoCustomMetadata)},
	{"unimplemented_method", func(ctx context.Context, conn *grpc.ClientConn, _ testgrpc.TestServiceClient) {
		interop.DoUnimplementedMethod(ctx, conn)
	}},
	{"unimplemented_service", func(ctx context.Context, conn *grpc.ClientConn, _ testgrpc.TestServiceClient) {
		interop.DoUnimplementedService(ctx, testgrpc.NewUnimplementedServiceClient(conn))
	}},
}

// Whether a head comes before the caller has given up is chance.
var hurried = map[string]bool{"timeout_on_sleeping_server": true, "cancel_after_begin": true}

func plain(run func(context.Context, testgrpc.TestServiceClient, ...grpc.CallOption)) func(context.Context, *grpc.ClientConn, testgrpc.TestServiceClient) {
	return func(ctx context.Context, _ *grpc.ClientConn, client testgrpc.TestServiceClient) { run(ctx, client) }
}

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) >= 3 && os.Args[1] == "client":
		client(os.Args[2], os.Args[3:])
	case len(os.Args) == 2 && os.Args[1] == "server":
		server()
	default:
		log.Fatal("usage: interop client ADDRESS [HEADER ..] | interop server")
	}
}

func client(address string, unseen []string) {
	for _, one := range cases {
		// A connection of its own: a case that breaks one is no matter of the next.
		seen := &witness{unseen: unseen, hurried: hurried[one.name]}
		conn, err := grpc.NewClient(address,
			grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStatsHandler(seen),
			grpc.WithUnaryInterceptor(seen.unary))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("case %s\n", one.name)
		one.run(context.Background(), conn, testgrpc.NewTestServiceClient(conn))
		conn.Close()
		seen.tell()
	}
}

func server() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("grpc %s\n", listener.Addr())
	server := grpc.NewServer()
	testgrpc.RegisterTestServiceServer(server, interop.NewTestServer())
	log.Fatal(server.Serve(listener))
}

// What a caller can see: heads, messages, trailers and ends, in their order.
type witness struct {
	open     sync.WaitGroup
	lock     sync.Mutex
	unseen   []string
	hurried  bool
	lines    []string
	messages int
	bytes    int
}

func (*witness) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (*witness) HandleConn(context.Context, stats.ConnStats)                       {}

func (*witness) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

func (w *witness) HandleRPC(ctx context.Context, event stats.RPCStats) {
	w.lock.Lock()
	defer w.lock.Unlock()
	switch event := event.(type) {
	case *stats.Begin:
		w.open.Add(1)
	case *stats.InHeader:
		w.came("  head " + w.shown(event.Header))
	case *stats.InPayload:
		w.messages++
		w.bytes += event.Length
	case *stats.InTrailer:
		w.came("  trailers " + w.shown(event.Trailer))
	case *stats.End:
		defer w.open.Done()
		// Of a unary call that is answered before it was sent whole, the event may know no status: its caller does.
		if unary, _ := ctx.Value(unaryCall{}).(bool); !unary {
			w.end(event.Error)
		}
	}
}

// Also after the end of a call that was given up: its connection reads on.
func (w *witness) came(line string) {
	if !w.hurried {
		w.lines = append(w.lines, line)
	}
}

type unaryCall struct{}

func (w *witness) unary(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	err := invoke(context.WithValue(ctx, unaryCall{}, true), method, request, reply, conn, options...)
	w.open.Wait()
	w.lock.Lock()
	defer w.lock.Unlock()
	w.end(err)
	return err
}

func (w *witness) end(err error) {
	end := status.Convert(err)
	if w.hurried {
		w.lines = append(w.lines, fmt.Sprintf("  end %s", end.Code()))
		return
	}
	w.lines = append(w.lines, fmt.Sprintf("  end %s %q, %d messages of %d bytes", end.Code(), end.Message(), w.messages, w.bytes))
	w.messages, w.bytes = 0, 0
}

func (w *witness) tell() {
	// A call that was given up ends a little later than its caller goes on.
	w.open.Wait()
	for _, line := range w.lines {
		fmt.Println(line)
	}
}

func (w *witness) shown(fields metadata.MD) string {
	var all []string
	for name, values := range fields {
		if slices.Contains(w.unseen, name) {
			continue
		}
		all = append(all, fmt.Sprintf("%s=%q", name, values))
	}
	sort.Strings(all)
	return strings.Join(all, " ")
}
