use std::future::Future;
use std::time::{Duration, Instant};

/// How long to warm up and how often to measure.
struct Effort {
    warm_for: Duration,
    warm_runs: usize,
    runs: usize,
    slow_runs: usize,
}

/// What `BENCH_EFFORT` asks for: `trial` only shows that it works.
fn effort() -> Effort {
    let (millis, warm_runs, runs, slow_runs) = match std::env::var("BENCH_EFFORT").as_deref() {
        Ok("trial") => (0, 1, 1, 1),
        Ok("brief") => (1_000, 10, 9, 3),
        _ => (2_000, 20, 15, 7),
    };
    Effort {
        warm_for: Duration::from_millis(millis),
        warm_runs,
        runs,
        slow_runs,
    }
}

/// A warm-up of slow runs ends here, after three of them at least.
const WARM_LIMIT: Duration = Duration::from_secs(15);
const WARM_LEAST: usize = 3;

/// Warms up, measures, prints `NAME median min max runs` (microseconds).
pub async fn measure<F, Fut>(name: &'static str, f: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = ()>,
{
    let effort = effort();
    let start = Instant::now();
    let mut warm = 0;
    while (warm < effort.warm_runs || start.elapsed() < effort.warm_for)
        && (warm < WARM_LEAST || start.elapsed() < WARM_LIMIT)
    {
        f().await;
        warm += 1;
    }
    let slow = start.elapsed() / warm as u32 > Duration::from_secs(2);
    let runs = if slow { effort.slow_runs } else { effort.runs };
    let mut us: Vec<f64> = Vec::with_capacity(runs);
    for _ in 0..runs {
        let t = Instant::now();
        f().await;
        us.push(t.elapsed().as_nanos() as f64 / 1e3);
    }
    us.sort_by(f64::total_cmp);
    println!(
        "{name}\t{:.1}\t{:.1}\t{:.1}\t{runs}",
        us[runs / 2],
        us[0],
        us[runs - 1]
    );
}

/// Resident bytes of this process.
pub fn rss() -> u64 {
    let s = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = s.lines().find(|l| l.starts_with("Rss:")).unwrap();
    let kb: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kb * 1024
}
