%% tcp_echo: a process for each end of each connection, with passive sockets.
-module(echo).
-export([run/2]).

-define(BYTES, 64).

run(Connections, Trips) ->
    Options = [binary, {active, false}, {nodelay, true}],
    {ok, Listener} =
        gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}, {backlog, Connections} | Options]),
    {ok, Port} = inet:port(Listener),
    spawn_monitor(fun() -> accept(Listener, Connections) end),
    [spawn_monitor(fun() -> client(Port, Options, Trips, I) end)
     || I <- lists:seq(1, Connections)],
    await(Connections + 1),
    gen_tcp:close(Listener).

await(0) -> ok;
await(N) -> receive {'DOWN', _, process, _, normal} -> await(N - 1) end.

accept(_, 0) -> ok;
accept(Listener, N) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    Pid = spawn(fun() -> receive go -> serve(Socket) end end),
    ok = gen_tcp:controlling_process(Socket, Pid),
    Pid ! go,
    accept(Listener, N - 1).

serve(Socket) ->
    case gen_tcp:recv(Socket, ?BYTES) of
        {ok, Bytes} -> ok = gen_tcp:send(Socket, Bytes), serve(Socket);
        {error, closed} -> gen_tcp:close(Socket)
    end.

client(Port, Options, Trips, I) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, Options),
    trips(Socket, Trips, I),
    gen_tcp:close(Socket).

trips(_, 0, _) -> ok;
trips(Socket, N, I) ->
    Bytes = binary:copy(<<((I + N) rem 256)>>, ?BYTES),
    ok = gen_tcp:send(Socket, Bytes),
    {ok, Bytes} = gen_tcp:recv(Socket, ?BYTES),
    trips(Socket, N - 1, I).
