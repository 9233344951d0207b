//! The workloads on tokio.
//!
//! `tokio-peer RT WORKLOAD...` runs the named workloads (`all`: those of the
//! spec; `extras`: further ways to write some of them) on one runtime. RT is
//! `1` (current_thread), `2` (multi_thread, two workers) or `mt1`
//! (multi_thread, one worker).
//!
//! The driver is itself a task on the runtime (not the `block_on` future), so
//! that what it spawns goes into its worker's own queue.

mod echo;
mod harness;
mod work;

use std::future::Future;
use tokio::runtime::{Builder, Runtime};

fn runtime(kind: &str) -> Runtime {
    let mut b = match kind {
        "1" => Builder::new_current_thread(),
        "2" | "mt1" => {
            let mut b = Builder::new_multi_thread();
            b.worker_threads(if kind == "2" { 2 } else { 1 });
            b
        }
        _ => panic!("the runtime is 1, 2 or mt1, not {kind}"),
    };
    b.enable_all().build().unwrap()
}

/// Runs the driver as a task.
fn on<F>(rt: &Runtime, f: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    rt.block_on(async { tokio::spawn(f).await.unwrap() })
}

macro_rules! table {
    ($rt:ident, $name:ident: $($n:literal => $f:expr),* $(,)?) => {
        match $name {
            $($n => on($rt, harness::measure($n, || $f)),)*
            other => panic!("no workload {other}"),
        }
    };
}

const SPEC: &[&str] = &[
    "chained_spawn",
    "ping_pong_oneshot",
    "spawn_storm_busy",
    "yield_many",
    "yield_in_hot_loop",
    "many_timers",
    "fan_out_compute",
    "deep_recursion",
    "mpsc_contention",
    "mpsc_contention_bounded",
    "uncontended_channel",
    "uncontended_channel_bounded",
    "catch_unwind_panics",
    "gen_server_call",
    "gen_server_cast",
    "call_fan_in",
    "supervisor_restart",
    "spawn_1m_idle",
    "timers_start_cancel",
    "skynet",
    "thread_ring",
    "big",
    "tcp_echo",
    "yield_in_hot_loop_pair",
];

const EXTRAS: &[&str] = &[
    "yield_many@wake_by_ref",
    "yield_in_hot_loop@wake_by_ref",
    "mpsc_contention@recv_many",
    "mpsc_contention_bounded@recv_many",
    "uncontended_channel@recv_many",
    "uncontended_channel_bounded@recv_many",
    "catch_unwind_panics@handles",
    "gen_server_call@bounded",
    "gen_server_cast@bounded",
    "call_fan_in@bounded",
    "spawn_1m_idle@joined",
    "spawn_1m_idle@mpsc",
    "timers_start_cancel@all_live",
    "timers_start_cancel@timeout",
    "big@burst",
];

fn run(rt: &Runtime, name: &str) {
    use crate::echo;
    use work::*;
    #[cfg(feature = "recv_many")]
    let many = true;
    #[cfg(not(feature = "recv_many"))]
    let many = false;
    if name.ends_with("@recv_many") && !many {
        return;
    }
    match name {
        // One shot: a heap that has held a million tasks before says nothing.
        "spawn_1m_idle_bytes" => return on(rt, spawn_1m_idle_bytes(false)),
        "spawn_1m_idle_bytes@mpsc" => return on(rt, spawn_1m_idle_bytes(true)),
        _ => {}
    }
    table!(rt, name:
        "chained_spawn" => chained_spawn(),
        "ping_pong_oneshot" => ping_pong_oneshot(),
        "spawn_storm_busy" => spawn_storm_busy(),
        "yield_many" => yield_many(),
        "yield_in_hot_loop" => yield_in_hot_loop(),
        "many_timers" => many_timers(),
        "fan_out_compute" => fan_out_compute(lcg),
        "deep_recursion" => deep_recursion(),
        "mpsc_contention" => mpsc(8, 50_000),
        "mpsc_contention_bounded" => mpsc_bounded(8, 50_000),
        "uncontended_channel" => mpsc(1, 1_000_000),
        "uncontended_channel_bounded" => mpsc_bounded(1, 1_000_000),
        "catch_unwind_panics" => catch_unwind_panics(),
        "gen_server_call" => gen_server_call(),
        "gen_server_cast" => gen_server_cast(),
        "call_fan_in" => call_fan_in(),
        "supervisor_restart" => supervisor_restart(),
        "spawn_1m_idle" => spawn_1m_idle(),
        "timers_start_cancel" => timers_start_cancel(),
        "skynet" => skynet(),
        "thread_ring" => thread_ring(),
        "big" => big(1),
        "tcp_echo" => echo::tcp_echo(),
        "yield_in_hot_loop_pair" => yield_pair(),

        "yield_many@wake_by_ref" => yield_many_wake(),
        "yield_in_hot_loop@wake_by_ref" => yield_in_hot_loop_wake(),
        "mpsc_contention@recv_many" => mpsc_recv_many(8, 50_000),
        "mpsc_contention_bounded@recv_many" => mpsc_bounded_recv_many(8, 50_000),
        "uncontended_channel@recv_many" => mpsc_recv_many(1, 1_000_000),
        "uncontended_channel_bounded@recv_many" => mpsc_bounded_recv_many(1, 1_000_000),
        "catch_unwind_panics@handles" => catch_unwind_panics_handles(),
        "gen_server_call@bounded" => gen_server_call_bounded(),
        "gen_server_cast@bounded" => gen_server_cast_bounded(),
        "call_fan_in@bounded" => call_fan_in_bounded(),
        "spawn_1m_idle@joined" => spawn_1m_idle_joined(),
        "spawn_1m_idle@mpsc" => spawn_1m_idle_mpsc(),
        "timers_start_cancel@all_live" => timers_start_cancel_all_live(),
        "timers_start_cancel@timeout" => timers_start_cancel_timeout(),
        "big@burst" => big(2_000),
    )
}

fn main() {
    // tokio catches the panic; this only keeps the message off the terminal.
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let quiet = info
            .payload()
            .downcast_ref::<&'static str>()
            .is_some_and(|s| *s == work::CRASH);
        if !quiet {
            loud(info)
        }
    }));
    let mut args = std::env::args().skip(1);
    let kind = args.next().unwrap_or_default();
    if kind == "list" {
        SPEC.iter().for_each(|n| println!("{n}"));
        return;
    }
    if kind == "list-extras" {
        EXTRAS.iter().for_each(|n| println!("{n}"));
        return;
    }
    let rt = runtime(&kind);
    for name in args {
        match name.as_str() {
            "all" => SPEC.iter().for_each(|n| run(&rt, n)),
            "extras" => EXTRAS.iter().for_each(|n| run(&rt, n)),
            n => run(&rt, n),
        }
    }
}
