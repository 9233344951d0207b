%% Harness: erl ... -run bench main WORKLOAD
%% Prints NAME<TAB>median_us<TAB>min_us<TAB>max_us<TAB>runs and, after these,
%% two columns about the conditions: this VM's own CPU time per run (us), and
%% how much CPU everything else on the machine used meanwhile (% of one core).
%% The checks that every workload makes end the VM with status 1 on a failure.
-module(bench).
-export([main/1, rss/0, silence/0, run_once/1]).

%% A warm-up of slow runs ends here, after three of them at least. (BeamAsm
%% compiles at load time, once and for all: nothing about the code gets faster
%% with more of it.)
-define(WARM_LIMIT_NS, 15_000_000_000).
-define(WARM_LEAST, 3).
-define(SLOW_NS, 2_000_000_000).

%% {least time of the warm-up, its least runs, measured runs, if they are slow}
%% BENCH_EFFORT=trial only shows that it works.
effort() ->
    case os:getenv("BENCH_EFFORT") of
        "trial" -> {0, 1, 1, 1};
        "brief" -> {1_000_000_000, 10, 9, 3};
        _ -> {2_000_000_000, 20, 15, 7}
    end.

main(["list"]) ->
    [io:format("~s~n", [W]) || W <- workloads:names()],
    halt(0);
main([NameStr]) ->
    silence(),
    Name = list_to_atom(NameStr),
    try go(Name)
    catch C:R:St ->
            io:format(standard_error, "FAILED ~s: ~p ~p ~p~n", [Name, C, R, St]),
            halt(1)
    end,
    halt(0).

%% One sample in a fresh VM: RSS per idle process, in bytes.
go(Name) when Name =:= spawn_1m_idle_bytes;
              Name =:= spawn_1m_idle_hibernated_bytes ->
    io:format("~s\t~b\t~b\t~b\t1\t0\t0~n",
              [Name | lists:duplicate(3, round(run_once(Name)))]);
go(Name) ->
    M0 = machine(),
    T0 = erlang:monotonic_time(nanosecond),
    Last = warm(Name, 0, T0, 0),
    {_, _, Usual, Slow} = effort(),
    Runs = if Last > ?SLOW_NS -> Slow; true -> Usual end,
    {C0, _} = erlang:statistics(runtime),
    S = lists:sort([run_once(Name) / 1000 || _ <- lists:seq(1, Runs)]),
    {C1, _} = erlang:statistics(runtime),
    T1 = erlang:monotonic_time(nanosecond),
    M1 = machine(),
    io:format("~s\t~b\t~b\t~b\t~b\t~b\t~b~n",
              [Name, round(lists:nth((Runs + 1) div 2, S)), round(hd(S)),
               round(lists:last(S)), Runs, (C1 - C0) * 1000 div Runs,
               max(0, round((M1 - M0) / 100 / ((T1 - T0) / 1.0e9) * 100))]).

warm(Name, N, T0, Last) ->
    {LeastNs, LeastRuns, _, _} = effort(),
    Passed = erlang:monotonic_time(nanosecond) - T0,
    Warm = (N >= LeastRuns andalso Passed >= LeastNs)
        orelse (N >= ?WARM_LEAST andalso Passed >= ?WARM_LIMIT_NS),
    case Warm of
        true -> Last;
        false -> warm(Name, N + 1, T0, run_once(Name))
    end.

%% clock ticks (of 10 ms) used on this machine by anything but this VM
machine() ->
    {ok, S} = file:read_file("/proc/stat"),
    [Line | _] = binary:split(S, <<"\n">>),
    [_, U, N, K, _Idle, _IoWait, I, SI | _] = string:lexemes(Line, " "),
    {ok, P} = file:read_file("/proc/self/stat"),
    [_, After] = binary:split(P, <<") ">>),
    L = string:lexemes(After, " "),
    B = fun binary_to_integer/1,
    B(U) + B(N) + B(K) + B(I) + B(SI)
        - B(lists:nth(12, L)) - B(lists:nth(13, L)).

%% Each run has a fresh driver process; the next run starts only when every
%% process of this one is gone.
run_once(Name) ->
    Base = erlang:system_info(process_count),
    {Pid, Ref} = spawn_monitor(fun() -> exit({sample, sample(Name)}) end),
    receive
        {'DOWN', Ref, process, Pid, {sample, Ns}} ->
            settle(Base),
            Ns;
        {'DOWN', Ref, process, Pid, Other} ->
            erlang:error({run_failed, Name, Other})
    end.

sample(Name) ->
    T0 = erlang:monotonic_time(nanosecond),
    Res = workloads:Name(),
    T1 = erlang:monotonic_time(nanosecond),
    case Res of
        ok -> T1 - T0;
        {cleanup, F} -> F(), T1 - T0;
        {sample, V, F} -> F(), V
    end.

settle(Base) ->
    case erlang:system_info(process_count) =< Base of
        true -> ok;
        false -> receive after 1 -> settle(Base) end
    end.

silence() ->
    ok = logger:set_primary_config(level, none),
    %% crash reports made by the emulator itself
    erlang:system_flag(system_logger, undefined).

rss() ->
    {ok, B} = file:read_file("/proc/self/statm"),
    [_, R | _] = binary:split(B, <<" ">>, [global]),
    binary_to_integer(R) * 4096.
