%% The workloads on Erlang/OTP. A workload returns
%%   ok                  the harness' own clock around the call is the sample
%%   {cleanup, F}        likewise, then F() is run outside the time
%%   {sample, V, F}      V is the sample, then F() is run
-module(workloads).
-compile([nowarn_export_all, export_all]).

names() ->
    [chained_spawn, ping_pong_oneshot, spawn_storm_busy, yield_many,
     yield_in_hot_loop, many_timers, fan_out_compute,
     deep_recursion,
     mpsc_contention, mpsc_contention_onheap,
     uncontended_channel, uncontended_channel_offheap,
     catch_unwind_panics, catch_unwind_panics_error,
     gen_server_call, gen_server_cast, gen_server_cast_offheap, call_fan_in,
     supervisor_restart, supervisor_restart_bare, supervisor_restart_1k,
     spawn_1m_idle, spawn_1m_idle_bytes,
     spawn_1m_idle_hibernated, spawn_1m_idle_hibernated_bytes,
     timers_start_cancel, timers_start_cancel_all_live,
     tcp_echo, yield_in_hot_loop_pair,
     skynet, thread_ring, big, big_flood,
     selective_receive, selective_receive_incl_queueing,
     selective_receive_scan].

%% ------------------------------------------------------------ helpers

%% N messages equal to Msg
await(_, 0) -> ok;
await(Msg, N) -> receive Msg -> await(Msg, N - 1) end.

%% N processes that ended normally
await_down(0) -> ok;
await_down(N) ->
    receive {'DOWN', _, process, _, normal} -> await_down(N - 1) end.

kill_all(Pids) ->
    Refs = [begin R = erlang:monitor(process, P), exit(P, kill), R end || P <- Pids],
    [receive {'DOWN', R, process, _, _} -> ok end || R <- Refs],
    ok.

repeat(0, _) -> ok;
repeat(N, F) -> F(), repeat(N - 1, F).

%% ------------------------------------------------------------ spawning

chained_spawn() ->
    D = self(),
    spawn(fun() -> chain(999, D) end),
    receive chain_done -> ok end.

chain(0, D) -> D ! chain_done;
chain(N, D) -> spawn(fun() -> chain(N - 1, D) end).

ping_pong_oneshot() ->
    D = self(),
    repeat(1000, fun() -> spawn(fun() -> oneshot_a(D) end) end),
    await(a_done, 1000).

oneshot_a(D) ->
    A = self(),
    B = spawn(fun() -> receive {ping, From} -> From ! {pong, self()} end end),
    B ! {ping, A},
    receive {pong, B} -> D ! a_done end.

spawn_storm_busy() ->
    Busy = [spawn(fun yield_forever/0) || _ <- lists:seq(1, 8)],
    storm(10000),
    await_down(10000),
    kill_all(Busy).

yield_forever() -> erlang:yield(), yield_forever().

storm(0) -> ok;
storm(N) -> spawn_monitor(fun() -> ok end), storm(N - 1).

deep_recursion() ->
    500 = level(500),
    ok.

level(0) -> 0;
level(N) ->
    Me = self(),
    Pid = spawn(fun() -> Me ! {self(), level(N - 1)} end),
    receive {Pid, R} -> R + 1 end.

skynet() ->
    D = self(),
    spawn(fun() -> sky(D, 0, 1000000) end),
    receive 499999500000 -> ok;
            Other -> error({wrong, Other})
    end.

sky(Parent, Num, 1) -> Parent ! Num;
sky(Parent, Num, Size) ->
    Sub = Size div 10,
    sky_spawn(10, self(), Num, Sub),
    Parent ! sky_sum(10, 0).

sky_spawn(0, _, _, _) -> ok;
sky_spawn(N, Me, Num, Sub) ->
    spawn(fun() -> sky(Me, Num, Sub) end),
    sky_spawn(N - 1, Me, Num + Sub, Sub).

sky_sum(0, Acc) -> Acc;
sky_sum(N, Acc) -> receive X -> sky_sum(N - 1, Acc + X) end.

%% ------------------------------------------------------------ yielding

yield_many() ->
    repeat(200, fun() -> spawn_monitor(fun() -> yields(1000) end) end),
    await_down(200).

yield_in_hot_loop() ->
    spawn_monitor(fun() -> yields(1000000) end),
    await_down(1).

yield_in_hot_loop_pair() ->
    repeat(2, fun() -> spawn_monitor(fun() -> yields(500000) end) end),
    await_down(2).

yields(0) -> ok;
yields(N) -> erlang:yield(), yields(N - 1).

%% ------------------------------------------------------------ timers

many_timers() ->
    sleepers(0),
    await_down(10000).

sleepers(10000) -> ok;
sleepers(I) ->
    spawn_monitor(fun() -> receive after 1 + (I rem 10) -> ok end end),
    sleepers(I + 1).

%% all 1 000 000 are running before the first is cancelled
timers_start_cancel_all_live() ->
    cancel_all(start_timers(1000000, [])).

start_timers(0, Acc) -> Acc;
start_timers(N, Acc) ->
    start_timers(N - 1, [erlang:start_timer(5000, self(), t) | Acc]).

cancel_all([]) -> ok;
cancel_all([R | Rs]) ->
    true = is_integer(erlang:cancel_timer(R)),
    cancel_all(Rs).

%% each is cancelled before the next is started
timers_start_cancel() -> start_cancel(1000000).

start_cancel(0) -> ok;
start_cancel(N) ->
    R = erlang:start_timer(5000, self(), t),
    true = is_integer(erlang:cancel_timer(R)),
    start_cancel(N - 1).

tcp_echo() -> echo:run(200, 500).

%% ------------------------------------------------------------ compute

-define(M64, 16#FFFFFFFFFFFFFFFF).
-define(M32, 16#FFFFFFFF).
-define(A, 6364136223846793005).
-define(C, 1442695040888963407).
-define(STEPS, 200000).

%% 64-bit wrapping arithmetic in two 32-bit halves, so that no intermediate
%% leaves the BEAM's 60-bit small integers (no bignum is made in the loop).
fan_out_compute() -> fan_out(fun lcg_small/1).

fan_out(F) ->
    D = self(),
    [spawn(fun() -> D ! {result, F(I)} end) || I <- lists:seq(0, 63)],
    Want = fan_out_expected(),
    case fan_out_sum(64, 0) of
        Want -> ok;
        Other -> error({wrong, Other, Want})
    end.

fan_out_sum(0, Acc) -> Acc;
fan_out_sum(N, Acc) ->
    receive {result, X} -> fan_out_sum(N - 1, (Acc + X) band ?M64) end.

%% by fast exponentiation of the affine map, seeds 0..63
fan_out_expected() ->
    {A, C} = affine_pow({?A, ?C}, ?STEPS),
    (A * (63 * 64 div 2) + 64 * C) band ?M64.

affine_pow(_, 0) -> {1, 0};
affine_pow({A, C}, N) when N rem 2 =:= 0 ->
    affine_pow({A * A band ?M64, (A * C + C) band ?M64}, N div 2);
affine_pow({A, C} = F, N) ->
    {A1, C1} = affine_pow(F, N - 1),
    {A * A1 band ?M64, (A * C1 + C) band ?M64}.

lcg_small(I) ->
    lcg_small(?STEPS, (I bsr 32) band ?M32, I band ?M32).

lcg_small(0, H, L) -> (H bsl 32) bor L;
lcg_small(N, H, L) ->
    P0 = L * (?A band 16#FFFF) + (?C band ?M32),
    P1 = L * ((?A bsr 16) band 16#FFFF) + (P0 bsr 16),
    L1 = ((P1 band 16#FFFF) bsl 16) bor (P0 band 16#FFFF),
    Mid = (H * ((?A bsr 16) band 16#FFFF) + L * (?A bsr 48)) band 16#FFFF,
    H1 = ((P1 bsr 16) + (?C bsr 32) + H * (?A band 16#FFFF)
          + L * ((?A bsr 32) band 16#FFFF) + (Mid bsl 16)) band ?M32,
    lcg_small(N - 1, H1, L1).

%% ------------------------------------------------------------ messages

mpsc_contention() -> mpsc(8, 50000, [{message_queue_data, off_heap}]).
mpsc_contention_onheap() -> mpsc(8, 50000, []).
uncontended_channel() -> mpsc(1, 1000000, []).
uncontended_channel_offheap() -> mpsc(1, 1000000, [{message_queue_data, off_heap}]).

mpsc(Producers, Each, Opts) ->
    D = self(),
    Total = Producers * Each,
    C = spawn_opt(fun() -> consume(Total), D ! {consumed, self()} end, Opts),
    repeat(Producers, fun() -> spawn(fun() -> produce(Each, C) end) end),
    receive {consumed, C} -> ok end.

consume(0) -> ok;
consume(N) -> receive {msg, _} -> consume(N - 1) end.

produce(0, _) -> ok;
produce(N, C) -> C ! {msg, N}, produce(N - 1, C).

thread_ring() ->
    D = self(),
    First = spawn(fun() -> receive {next, P} -> ring(P, D) end end),
    Pids = ring_build(502, First, D, [First]),
    First ! {next, hd(Pids)},
    First ! 1000000,
    receive ring_done -> {cleanup, fun() -> kill_all(Pids) end} end.

ring_build(0, _, _, Acc) -> Acc;
ring_build(N, Next, D, Acc) ->
    P = spawn(fun() -> ring(Next, D) end),
    ring_build(N - 1, P, D, [P | Acc]).

ring(Next, D) ->
    receive
        0 -> D ! ring_done;
        N -> Next ! N - 1, ring(Next, D)
    end.

%% Savina Big: a process sends its next ping when it has the pong of the last
big() -> big(fun big_start/4).

%% the 2 000 pings are sent at once, then the rest is answered
big_flood() -> big(fun big_flood_start/4).

big(Start) ->
    D = self(),
    Pids = [spawn(fun() -> receive {peers, T} -> Start(I, T, D, 2000) end end)
            || I <- lists:seq(1, 100)],
    Peers = list_to_tuple(Pids),
    [P ! {peers, Peers} || P <- Pids],
    await(big_done, 100),
    {cleanup, fun() -> kill_all(Pids) end}.

big_start(I, Peers, D, N) ->
    big_ping(I, I, Peers, D, N).

big_ping(_, _, _, D, 0) ->
    D ! big_done,
    big_answer();
big_ping(I, Rnd, Peers, D, N) ->
    Rnd1 = big_random(Rnd),
    element(big_other(I, Rnd1), Peers) ! {ping, self()},
    big_loop(I, Rnd1, Peers, D, N).

big_loop(I, Rnd, Peers, D, N) ->
    receive
        {ping, From} -> From ! pong, big_loop(I, Rnd, Peers, D, N);
        pong -> big_ping(I, Rnd, Peers, D, N - 1)
    end.

big_flood_start(I, Peers, D, N) ->
    big_flood_send(I, I, Peers, N),
    big_flood_loop(D, N).

big_flood_send(_, _, _, 0) -> ok;
big_flood_send(I, Rnd, Peers, N) ->
    Rnd1 = big_random(Rnd),
    element(big_other(I, Rnd1), Peers) ! {ping, self()},
    big_flood_send(I, Rnd1, Peers, N - 1).

big_flood_loop(D, 0) -> D ! big_done, big_answer();
big_flood_loop(D, N) ->
    receive
        {ping, From} -> From ! pong, big_flood_loop(D, N);
        pong -> big_flood_loop(D, N - 1)
    end.

big_answer() ->
    receive {ping, From} -> From ! pong, big_answer() end.

%% Savina's PseudoRandom
big_random(R) -> (R * 1309 + 13849) band 65535.

%% one of the 99 others
big_other(I, Rnd) ->
    case 1 + Rnd rem 99 of
        J when J >= I -> J + 1;
        J -> J
    end.

%% ------------------------------------------------------------ failures

%% exit/1: it ends abnormally, with a reason, without a stack trace
catch_unwind_panics() ->
    crash(10000, fun() -> exit(boom) end),
    await_exit(10000).

%% error/1, not caught: the reason carries the stack trace, and the emulator
%% makes a log event of every one (which is then dropped)
catch_unwind_panics_error() ->
    crash(10000, fun() -> error(boom) end),
    await_error(10000).

crash(0, _) -> ok;
crash(N, F) -> spawn_monitor(F), crash(N - 1, F).

await_exit(0) -> ok;
await_exit(N) ->
    receive {'DOWN', _, process, _, boom} -> await_exit(N - 1) end.

await_error(0) -> ok;
await_error(N) ->
    receive {'DOWN', _, process, _, {boom, [_ | _]}} -> await_error(N - 1) end.

supervisor_restart() -> restarts(bench_child, 10000).
supervisor_restart_bare() -> restarts(bench_child_bare, 10000).

%% A tenth: the supervisor goes through the list of all restarts within the
%% period at every restart, so 10 000 within a second are quadratic.
supervisor_restart_1k() -> restarts(bench_child, 1000).

restarts(ChildMod, N) ->
    {ok, Sup} = bench_sup:start_link(ChildMod, self()),
    receive {up, Pid} -> restart_loop(Pid, N) end,
    {cleanup, fun() ->
                      process_flag(trap_exit, true),
                      exit(Sup, shutdown),
                      receive {'EXIT', Sup, shutdown} -> ok end
              end}.

restart_loop(_, 0) -> ok;
restart_loop(Pid, N) ->
    Pid ! crash,
    receive {up, New} -> restart_loop(New, N - 1) end.

%% ------------------------------------------------------------ gen_server

gen_server_call() ->
    {ok, S} = bench_counter:start(),
    100000 = calls(100000, S, 0),
    {cleanup, fun() -> bench_counter:stop(S) end}.

calls(0, _, Last) -> Last;
calls(N, S, _) -> calls(N - 1, S, bench_counter:inc(S)).

gen_server_cast() -> cast_run([]).
gen_server_cast_offheap() -> cast_run([{message_queue_data, off_heap}]).

cast_run(Opts) ->
    {ok, S} = bench_counter:start(Opts),
    casts(1000000, S),
    1000000 = bench_counter:get(S),
    {cleanup, fun() -> bench_counter:stop(S) end}.

casts(0, _) -> ok;
casts(N, S) -> bench_counter:cast_inc(S), casts(N - 1, S).

call_fan_in() ->
    {ok, S} = bench_counter:start(),
    repeat(100, fun() -> spawn_monitor(fun() -> calls(1000, S, 0) end) end),
    await_down(100),
    100000 = bench_counter:get(S),
    {cleanup, fun() -> bench_counter:stop(S) end}.

%% Only the calls are in the time.
selective_receive() ->
    selective(fun(S) -> calls(1000, S, 0) end, fun fill/1).

%% the 10 000 sends to itself are in the time too
selective_receive_incl_queueing() ->
    selective(fun(S) -> fill(10000), calls(1000, S, 0) end, fun(_) -> ok end).

%% A hand-written call whose receive does not match on a fresh reference, so
%% that the whole queue is looked through for every reply: what the reference
%% optimisation of gen_server:call saves.
selective_receive_scan() ->
    Me = self(),
    S = spawn(fun() -> scan_server(Me, 0) end),
    fill(10000),
    T0 = erlang:monotonic_time(nanosecond),
    1000 = scan_calls(1000, S, 0),
    T1 = erlang:monotonic_time(nanosecond),
    {sample, T1 - T0, fun() -> kill_all_async([S]) end}.

selective(Work, Before) ->
    {ok, S} = bench_counter:start(),
    Before(10000),
    T0 = erlang:monotonic_time(nanosecond),
    1000 = Work(S),
    T1 = erlang:monotonic_time(nanosecond),
    {message_queue_len, 10000} = process_info(self(), message_queue_len),
    {sample, T1 - T0, fun() -> bench_counter:stop(S) end}.

fill(0) -> ok;
fill(N) -> self() ! {unrelated, N}, fill(N - 1).

scan_server(Client, N) ->
    receive inc -> Client ! {reply, N + 1}, scan_server(Client, N + 1) end.

scan_calls(0, _, Last) -> Last;
scan_calls(N, S, _) ->
    S ! inc,
    receive {reply, V} -> scan_calls(N - 1, S, V) end.

kill_all_async(Pids) -> [exit(P, kill) || P <- Pids], ok.

%% ------------------------------------------------------------ a million

-define(MILLION, 1000000).

%% All are known to have run up to their wait before the first message is sent.
spawn_1m_idle() -> idle_run(fun idle/1).

%% Idle processes that hibernate, as servers with very many idle connections do.
spawn_1m_idle_hibernated() -> idle_run(fun hibernating/1).

spawn_1m_idle_bytes() -> idle_bytes(fun idle/1).
spawn_1m_idle_hibernated_bytes() -> idle_bytes(fun hibernating/1).

idle(D) -> receive stop -> D ! idle_done end.

hibernating(D) -> erlang:hibernate(?MODULE, idle, [D]).

idle_run(Body) ->
    Pids = idle_spawn(Body),
    stop_each(Pids),
    await(idle_done, ?MILLION).

idle_spawn(Body) ->
    D = self(),
    Up = atomics:new(1, []),
    atomics:put(Up, 1, ?MILLION),
    Pids = idle_spawn(?MILLION, fun() -> idle_up(D, Up), Body(D) end, []),
    receive all_up -> Pids end.

idle_spawn(0, _, Acc) -> Acc;
idle_spawn(N, F, Acc) -> idle_spawn(N - 1, F, [spawn(F) | Acc]).

idle_up(D, Up) ->
    case atomics:sub_get(Up, 1, 1) of
        0 -> D ! all_up;
        _ -> ok
    end.

stop_each([]) -> ok;
stop_each([P | Ps]) -> P ! stop, stop_each(Ps).

%% Fresh VM, first run: RSS before, and after all of them are blocked.
idle_bytes(Body) ->
    erlang:garbage_collect(),
    R0 = bench:rss(),
    Pids = idle_spawn(Body),
    all_waiting(Pids),
    erlang:garbage_collect(),
    R1 = bench:rss(),
    {sample, (R1 - R0) / ?MILLION,
     fun() -> stop_each(Pids), await(idle_done, ?MILLION) end}.

all_waiting([]) -> ok;
all_waiting([P | Ps] = All) ->
    case process_info(P, status) of
        {status, waiting} -> all_waiting(Ps);
        _ -> receive after 1 -> all_waiting(All) end
    end.
