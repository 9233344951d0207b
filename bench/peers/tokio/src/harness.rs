use std::future::Future;
use std::time::{Duration, Instant};

const WARM_FOR: Duration = Duration::from_secs(2);
const WARM_RUNS: usize = 20;
const RUNS: usize = 15;
const SLOW_RUNS: usize = 7;

/// Warms up, measures, prints `NAME median min max runs` (microseconds).
pub async fn measure<F, Fut>(name: &'static str, f: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = ()>,
{
    // BENCH_ONCE: only to see that it works.
    let once = std::env::var_os("BENCH_ONCE").is_some();
    let start = Instant::now();
    let mut warm = 0;
    while warm == 0 || !once && (warm < WARM_RUNS || start.elapsed() < WARM_FOR) {
        f().await;
        warm += 1;
    }
    let slow = start.elapsed() / warm as u32 > Duration::from_secs(2);
    let runs = if once {
        1
    } else if slow {
        SLOW_RUNS
    } else {
        RUNS
    };
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
