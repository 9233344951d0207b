//! The workloads. Each function is one run.

use std::future::{poll_fn, Future};
use std::panic::panic_any;
use std::pin::{pin, Pin};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{oneshot, Notify};
use tokio::task::{yield_now, JoinError, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// The reason with which a task is made to crash.
pub const CRASH: &str = "crash";

const BOUND: usize = 1_024;

/// Counts down; the last one wakes who waits.
struct Latch(AtomicUsize, Notify);

impl Latch {
    fn new(n: usize) -> Arc<Self> {
        Arc::new(Latch(AtomicUsize::new(n), Notify::new()))
    }
    fn down(&self) {
        if self.0.fetch_sub(1, AcqRel) == 1 {
            self.1.notify_one();
        }
    }
    async fn wait(&self) {
        self.1.notified().await;
        assert_eq!(self.0.load(Acquire), 0);
    }
}

// ---------------------------------------------------------------- spawning

pub async fn chained_spawn() {
    fn link(left: usize, done: oneshot::Sender<()>) {
        tokio::spawn(async move {
            if left == 1 {
                done.send(()).unwrap();
            } else {
                link(left - 1, done);
            }
        });
    }
    let (tx, rx) = oneshot::channel();
    link(1_000, tx);
    rx.await.unwrap();
}

pub async fn ping_pong_oneshot() {
    let latch = Latch::new(1_000);
    for _ in 0..1_000 {
        let latch = latch.clone();
        tokio::spawn(async move {
            let (tx1, rx1) = oneshot::channel();
            let (tx2, rx2) = oneshot::channel();
            tokio::spawn(async move {
                rx1.await.unwrap();
                tx2.send(()).unwrap();
            });
            tx1.send(()).unwrap();
            rx2.await.unwrap();
            latch.down();
        });
    }
    latch.wait().await;
}

pub async fn spawn_storm_busy() {
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..8)
        .map(|_| {
            let stop = stop.clone();
            tokio::spawn(async move {
                while !stop.load(Relaxed) {
                    yield_now().await;
                }
            })
        })
        .collect();
    let storm: Vec<_> = (0..10_000).map(|_| tokio::spawn(async {})).collect();
    for h in storm {
        h.await.unwrap();
    }
    stop.store(true, Relaxed);
    for h in busy {
        h.await.unwrap();
    }
}

pub async fn deep_recursion() {
    fn level(left: u64) -> JoinHandle<u64> {
        tokio::spawn(async move {
            if left == 1 {
                1
            } else {
                level(left - 1).await.unwrap() + 1
            }
        })
    }
    assert_eq!(level(500).await.unwrap(), 500);
}

pub async fn skynet() {
    fn node(first: u64, size: u64) -> JoinHandle<u64> {
        if size == 1 {
            return tokio::spawn(async move { first });
        }
        tokio::spawn(async move {
            let size = size / 10;
            let children: [JoinHandle<u64>; 10] =
                std::array::from_fn(|i| node(first + i as u64 * size, size));
            let mut sum = 0;
            for child in children {
                sum += child.await.unwrap();
            }
            sum
        })
    }
    assert_eq!(node(0, 1_000_000).await.unwrap(), 499_999_500_000);
}

// ---------------------------------------------------------------- yielding

pub async fn yield_many() {
    let all: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn(async {
                for _ in 0..1_000 {
                    yield_now().await;
                }
            })
        })
        .collect();
    for h in all {
        h.await.unwrap();
    }
}

pub async fn yield_in_hot_loop() {
    tokio::spawn(async {
        for _ in 0..1_000_000 {
            yield_now().await;
        }
    })
    .await
    .unwrap();
}

/// Two tasks that take turns.
pub async fn yield_pair() {
    let pair: Vec<_> = (0..2)
        .map(|_| {
            tokio::spawn(async {
                for _ in 0..500_000 {
                    yield_now().await;
                }
            })
        })
        .collect();
    for h in pair {
        h.await.unwrap();
    }
}

/// A yield that goes straight back into the run queue (tokio's own first lets
/// the worker empty its queue and look at the timers).
struct Requeue(bool);

impl Future for Requeue {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

pub async fn yield_many_wake() {
    let all: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn(async {
                for _ in 0..1_000 {
                    Requeue(false).await;
                }
            })
        })
        .collect();
    for h in all {
        h.await.unwrap();
    }
}

pub async fn yield_in_hot_loop_wake() {
    tokio::spawn(async {
        for _ in 0..1_000_000 {
            Requeue(false).await;
        }
    })
    .await
    .unwrap();
}

// ---------------------------------------------------------------- timers

pub async fn many_timers() {
    let latch = Latch::new(10_000);
    for i in 0..10_000u64 {
        let latch = latch.clone();
        tokio::spawn(async move {
            sleep(Duration::from_millis(1 + i % 10)).await;
            latch.down();
        });
    }
    latch.wait().await;
}

const TIMERS: usize = 1_000_000;
const FIVE: Duration = Duration::from_secs(5);

/// A `Sleep` is in the wheel once it has been polled, and out of it once it
/// has been dropped.
pub async fn timers_start_cancel() {
    for _ in 0..TIMERS {
        let mut timer = pin!(sleep(FIVE));
        poll_fn(|cx| {
            assert!(timer.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
    }
}

/// All million are running before the first is cancelled.
pub async fn timers_start_cancel_all_live() {
    let mut timers = Vec::with_capacity(TIMERS);
    for _ in 0..TIMERS {
        let mut timer = Box::pin(sleep(FIVE));
        poll_fn(|cx| {
            assert!(timer.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        timers.push(timer);
    }
    drop(timers);
}

/// A whole call with a time-out: it waits once (through the run queue), then
/// has its answer.
pub async fn timers_start_cancel_timeout() {
    for _ in 0..TIMERS {
        timeout(FIVE, Requeue(false)).await.unwrap();
    }
}

// ---------------------------------------------------------------- compute

const STEPS: u32 = 200_000;

/// Every step is done: the compiler may not multiply several steps into one.
#[inline(never)]
pub fn lcg(seed: u64) -> u64 {
    let mut x = seed;
    for _ in 0..STEPS {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        // Safety: no instruction; x is kept in a register.
        unsafe {
            std::arch::asm!("/* {0} */", inout(reg) x, options(pure, nomem, nostack, preserves_flags));
        }
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        {
            x = std::hint::black_box(x);
        }
    }
    x
}

/// The sum over the seeds 0..64, worked out apart from this program.
const FAN_OUT_SUM: u64 = 110_264_110_085_765_088;

pub async fn fan_out_compute(f: fn(u64) -> u64) {
    let (tx, mut rx) = mpsc::unbounded_channel();
    for i in 0..64 {
        let tx = tx.clone();
        tokio::spawn(async move {
            tx.send(f(i)).unwrap();
        });
    }
    drop(tx);
    let (mut sum, mut n) = (0u64, 0);
    while let Some(x) = rx.recv().await {
        sum = sum.wrapping_add(x);
        n += 1;
    }
    assert_eq!(n, 64);
    assert_eq!(sum, FAN_OUT_SUM);
}

// ---------------------------------------------------------------- channels

pub async fn mpsc(producers: usize, each: u64) {
    let (tx, mut rx) = mpsc::unbounded_channel();
    for _ in 0..producers {
        let tx = tx.clone();
        tokio::spawn(async move {
            for i in 0..each {
                tx.send(i).unwrap();
            }
        });
    }
    drop(tx);
    let consumer = tokio::spawn(async move {
        let mut n = 0;
        while rx.recv().await.is_some() {
            n += 1;
        }
        n
    });
    assert_eq!(consumer.await.unwrap(), producers as u64 * each);
}

pub async fn mpsc_bounded(producers: usize, each: u64) {
    let (tx, mut rx) = mpsc::channel(BOUND);
    for _ in 0..producers {
        let tx = tx.clone();
        tokio::spawn(async move {
            for i in 0..each {
                tx.send(i).await.unwrap();
            }
        });
    }
    drop(tx);
    let consumer = tokio::spawn(async move {
        let mut n = 0;
        while rx.recv().await.is_some() {
            n += 1;
        }
        n
    });
    assert_eq!(consumer.await.unwrap(), producers as u64 * each);
}

#[cfg(feature = "recv_many")]
pub async fn mpsc_recv_many(producers: usize, each: u64) {
    let (tx, mut rx) = mpsc::unbounded_channel();
    for _ in 0..producers {
        let tx = tx.clone();
        tokio::spawn(async move {
            for i in 0..each {
                tx.send(i).unwrap();
            }
        });
    }
    drop(tx);
    let consumer = tokio::spawn(async move {
        let mut n = 0;
        let mut batch = Vec::with_capacity(256);
        while rx.recv_many(&mut batch, 256).await > 0 {
            n += batch.drain(..).count() as u64;
        }
        n
    });
    assert_eq!(consumer.await.unwrap(), producers as u64 * each);
}

#[cfg(feature = "recv_many")]
pub async fn mpsc_bounded_recv_many(producers: usize, each: u64) {
    let (tx, mut rx) = mpsc::channel(BOUND);
    for _ in 0..producers {
        let tx = tx.clone();
        tokio::spawn(async move {
            for i in 0..each {
                tx.send(i).await.unwrap();
            }
        });
    }
    drop(tx);
    let consumer = tokio::spawn(async move {
        let mut n = 0;
        let mut batch = Vec::with_capacity(256);
        while rx.recv_many(&mut batch, 256).await > 0 {
            n += batch.drain(..).count() as u64;
        }
        n
    });
    assert_eq!(consumer.await.unwrap(), producers as u64 * each);
}

#[cfg(not(feature = "recv_many"))]
pub async fn mpsc_recv_many(_: usize, _: u64) {}
#[cfg(not(feature = "recv_many"))]
pub async fn mpsc_bounded_recv_many(_: usize, _: u64) {}

// ---------------------------------------------------------------- failures

fn is_crash(e: JoinError) -> bool {
    e.into_panic()
        .downcast_ref::<&'static str>()
        .is_some_and(|s| *s == CRASH)
}

pub async fn catch_unwind_panics() {
    let mut set = JoinSet::new();
    for _ in 0..10_000 {
        set.spawn(async { panic_any(CRASH) });
    }
    let mut notices = 0;
    while let Some(end) = set.join_next().await {
        let end: Result<(), JoinError> = end;
        assert!(is_crash(end.unwrap_err()));
        notices += 1;
    }
    assert_eq!(notices, 10_000);
}

pub async fn catch_unwind_panics_handles() {
    let all: Vec<JoinHandle<()>> = (0..10_000)
        .map(|_| tokio::spawn(async { panic_any(CRASH) }))
        .collect();
    for h in all {
        assert!(is_crash(h.await.unwrap_err()));
    }
}

pub async fn supervisor_restart() {
    const RESTARTS: usize = 10_000;
    struct Child {
        starts: AtomicUsize,
        up: Notify,
        stop: Notify,
    }
    async fn child(c: Arc<Child>) {
        if c.starts.fetch_add(1, Relaxed) < RESTARTS {
            panic_any(CRASH);
        }
        c.up.notify_one();
        c.stop.notified().await;
    }
    let c = Arc::new(Child {
        starts: AtomicUsize::new(0),
        up: Notify::new(),
        stop: Notify::new(),
    });
    let spec = c.clone();
    let supervisor = tokio::spawn(async move {
        let mut restarts = 0;
        while let Err(e) = tokio::spawn(child(spec.clone())).await {
            assert!(is_crash(e));
            restarts += 1;
        }
        restarts
    });
    c.up.notified().await;
    c.stop.notify_one();
    assert_eq!(supervisor.await.unwrap(), RESTARTS);
}

// ---------------------------------------------------------------- servers

enum Request {
    Call(oneshot::Sender<u64>),
    Cast,
}

impl Request {
    fn handle(self, state: &mut u64) {
        *state += 1;
        if let Request::Call(reply) = self {
            let _ = reply.send(*state);
        }
    }
}

fn server() -> UnboundedSender<Request> {
    let (tx, mut rx) = mpsc::unbounded_channel::<Request>();
    tokio::spawn(async move {
        let mut state = 0;
        while let Some(request) = rx.recv().await {
            request.handle(&mut state);
        }
    });
    tx
}

fn server_bounded() -> mpsc::Sender<Request> {
    let (tx, mut rx) = mpsc::channel::<Request>(BOUND);
    tokio::spawn(async move {
        let mut state = 0;
        while let Some(request) = rx.recv().await {
            request.handle(&mut state);
        }
    });
    tx
}

async fn call(server: &UnboundedSender<Request>) -> u64 {
    let (tx, rx) = oneshot::channel();
    let _ = server.send(Request::Call(tx));
    rx.await.unwrap()
}

async fn call_bounded(server: &mpsc::Sender<Request>) -> u64 {
    let (tx, rx) = oneshot::channel();
    let _ = server.send(Request::Call(tx)).await;
    rx.await.unwrap()
}

pub async fn gen_server_call() {
    let server = server();
    for i in 1..=100_000 {
        assert_eq!(call(&server).await, i);
    }
}

pub async fn gen_server_call_bounded() {
    let server = server_bounded();
    for i in 1..=100_000 {
        assert_eq!(call_bounded(&server).await, i);
    }
}

pub async fn gen_server_cast() {
    let server = server();
    for _ in 0..1_000_000 {
        let _ = server.send(Request::Cast);
    }
    assert_eq!(call(&server).await, 1_000_001);
}

pub async fn gen_server_cast_bounded() {
    let server = server_bounded();
    for _ in 0..1_000_000 {
        let _ = server.send(Request::Cast).await;
    }
    assert_eq!(call_bounded(&server).await, 1_000_001);
}

pub async fn call_fan_in() {
    let server = server();
    let clients: Vec<_> = (0..100)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move {
                for _ in 0..1_000 {
                    call(&server).await;
                }
            })
        })
        .collect();
    for h in clients {
        h.await.unwrap();
    }
    assert_eq!(call(&server).await, 100_001);
}

pub async fn call_fan_in_bounded() {
    let server = server_bounded();
    let clients: Vec<_> = (0..100)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move {
                for _ in 0..1_000 {
                    call_bounded(&server).await;
                }
            })
        })
        .collect();
    for h in clients {
        h.await.unwrap();
    }
    assert_eq!(call_bounded(&server).await, 100_001);
}

// ---------------------------------------------------------------- a million

const MILLION: usize = 1_000_000;

struct Crowd<S> {
    doors: Vec<S>,
    ended: Arc<Latch>,
}

/// A million tasks, each known to have run up to its wait for one message.
async fn crowd() -> Crowd<oneshot::Sender<()>> {
    let up = Latch::new(MILLION);
    let ended = Latch::new(MILLION);
    let mut doors = Vec::with_capacity(MILLION);
    for _ in 0..MILLION {
        let (tx, rx) = oneshot::channel::<()>();
        let (up, ended) = (up.clone(), ended.clone());
        tokio::spawn(async move {
            up.down();
            rx.await.unwrap();
            ended.down();
        });
        doors.push(tx);
    }
    up.wait().await;
    Crowd { doors, ended }
}

/// The same with a mailbox each (as an actor has) instead of a one-shot.
async fn crowd_mpsc() -> Crowd<UnboundedSender<()>> {
    let up = Latch::new(MILLION);
    let ended = Latch::new(MILLION);
    let mut doors = Vec::with_capacity(MILLION);
    for _ in 0..MILLION {
        let (tx, mut rx) = mpsc::unbounded_channel::<()>();
        let (up, ended) = (up.clone(), ended.clone());
        tokio::spawn(async move {
            up.down();
            rx.recv().await.unwrap();
            ended.down();
        });
        doors.push(tx);
    }
    up.wait().await;
    Crowd { doors, ended }
}

pub async fn spawn_1m_idle() {
    let crowd = crowd().await;
    for door in crowd.doors {
        door.send(()).unwrap();
    }
    crowd.ended.wait().await;
}

pub async fn spawn_1m_idle_mpsc() {
    let crowd = crowd_mpsc().await;
    for door in crowd.doors {
        door.send(()).unwrap();
    }
    crowd.ended.wait().await;
}

pub async fn spawn_1m_idle_joined() {
    let up = Latch::new(MILLION);
    let mut doors = Vec::with_capacity(MILLION);
    let mut tasks = Vec::with_capacity(MILLION);
    for _ in 0..MILLION {
        let (tx, rx) = oneshot::channel::<()>();
        let up = up.clone();
        tasks.push(tokio::spawn(async move {
            up.down();
            rx.await.unwrap();
        }));
        doors.push(tx);
    }
    up.wait().await;
    for door in doors {
        door.send(()).unwrap();
    }
    for task in tasks {
        task.await.unwrap();
    }
}

/// One measurement a process: resident growth over a million idle tasks.
pub async fn spawn_1m_idle_bytes(mailbox: bool) {
    use crate::harness::rss;
    let before = rss();
    let after;
    let name;
    if mailbox {
        name = "spawn_1m_idle_bytes@mpsc";
        let crowd = crowd_mpsc().await;
        after = rss();
        for door in crowd.doors {
            door.send(()).unwrap();
        }
        crowd.ended.wait().await;
    } else {
        name = "spawn_1m_idle_bytes";
        let crowd = crowd().await;
        after = rss();
        for door in crowd.doors {
            door.send(()).unwrap();
        }
        crowd.ended.wait().await;
    }
    let each = (after - before) as f64 / MILLION as f64;
    println!("{name}\t{each:.1}\t{each:.1}\t{each:.1}\t1");
}

// ---------------------------------------------------------------- messages

pub async fn thread_ring() {
    const RING: usize = 503;
    const HOPS: u32 = 1_000_000;
    const STOP: u32 = u32::MAX;
    let done = Latch::new(1);
    let (first, mut rx): (UnboundedSender<u32>, UnboundedReceiver<u32>) = mpsc::unbounded_channel();
    let mut ring = Vec::with_capacity(RING);
    for i in 0..RING {
        let (next, next_rx) = if i + 1 < RING {
            let (tx, rx) = mpsc::unbounded_channel();
            (tx, Some(rx))
        } else {
            (first.clone(), None)
        };
        let done = done.clone();
        ring.push(tokio::spawn(async move {
            while let Some(token) = rx.recv().await {
                match token {
                    STOP => {
                        let _ = next.send(STOP);
                        break;
                    }
                    0 => done.down(),
                    n => next.send(n - 1).unwrap(),
                }
            }
        }));
        match next_rx {
            Some(r) => rx = r,
            None => break,
        }
    }
    first.send(HOPS).unwrap();
    done.wait().await;
    first.send(STOP).unwrap();
    for h in ring {
        h.await.unwrap();
    }
}

/// `window`: how many pings a process may have under way (Savina's has one).
pub async fn big(window: u32) {
    const ACTORS: usize = 100;
    const PINGS: u32 = 2_000;
    #[derive(Debug)]
    enum Msg {
        Ping(u32),
        Pong,
        Stop,
    }
    let (doors, mailboxes): (Vec<_>, Vec<_>) =
        (0..ACTORS).map(|_| mpsc::unbounded_channel()).unzip();
    let doors: Arc<[UnboundedSender<Msg>]> = doors.into();
    let latch = Latch::new(ACTORS);
    let mut actors = Vec::with_capacity(ACTORS);
    for (me, mut mailbox) in mailboxes.into_iter().enumerate() {
        let doors = doors.clone();
        let latch = latch.clone();
        actors.push(tokio::spawn(async move {
            let mut random = 0x9e37_79b9_7f4a_7c15u64.wrapping_mul(me as u64 + 1);
            let mut other = || loop {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let i = (random >> 33) as usize % ACTORS;
                if i != me {
                    return i;
                }
            };
            let (mut sent, mut pongs) = (0, 0);
            while sent < window {
                doors[other()].send(Msg::Ping(me as u32)).unwrap();
                sent += 1;
            }
            while let Some(msg) = mailbox.recv().await {
                match msg {
                    Msg::Ping(from) => doors[from as usize].send(Msg::Pong).unwrap(),
                    Msg::Pong => {
                        pongs += 1;
                        if sent < PINGS {
                            doors[other()].send(Msg::Ping(me as u32)).unwrap();
                            sent += 1;
                        } else if pongs == PINGS {
                            latch.down();
                        }
                    }
                    Msg::Stop => break,
                }
            }
            pongs
        }));
    }
    latch.wait().await;
    for door in doors.iter() {
        door.send(Msg::Stop).unwrap();
    }
    for a in actors {
        assert_eq!(a.await.unwrap(), PINGS);
    }
}
