//! What is made of measurements: a leader, who is behind, and which variant a shape takes.

/// Milliseconds of each variant on one shape, the fastest first.
pub(super) type Ranking = [(f64, &'static str)];

/// How many times faster than the leader of all shapes a variant has to be.
const WORTH_COMPILING: f64 = 1.25;
/// A variant that has taken so many times what the leader took is measured no more.
const BEHIND: f64 = 1.2;
/// A variant that takes so many times what the best one takes on a small trial is left out.
const HOPELESS: f64 = 3.0;

pub(super) fn sort(ranking: &mut Ranking) {
    ranking.sort_by(|(one, _), (other, _)| one.total_cmp(other));
}

/// The variant that takes the least time for all shapes together.
pub(super) fn leader<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Option<&'static str> {
    totals(rankings).first().map(|(_, name)| *name)
}

/// The variants that are too far behind the leader of these shapes to be worth more measurements.
pub(super) fn behind<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Vec<&'static str> {
    slower(&totals(rankings), BEHIND)
}

/// The variants that are hopeless on a shape.
pub(super) fn hopeless(ranking: &Ranking) -> Vec<&'static str> {
    slower(ranking, HOPELESS)
}

/// Those that take more than so many times what the first takes.
fn slower(ranking: &Ranking, times: f64) -> Vec<&'static str> {
    let least = ranking.first().map_or(0.0, |(ms, _)| *ms);
    let slower = ranking.iter().filter(|(ms, _)| *ms > times * least);
    slower.map(|(_, name)| *name).collect()
}

/// What each variant takes for the shapes that all of them were measured on, the least first.
fn totals<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Vec<(f64, &'static str)> {
    let rankings: Vec<&Ranking> = rankings.collect();
    let has = |ranking: &Ranking, name: &str| ranking.iter().any(|(_, other)| *other == name);
    let everywhere = |(_, name): &&(f64, &'static str)| rankings.iter().all(|ranking| has(ranking, name));
    let mut totals: Vec<(f64, &'static str)> = Vec::new();
    for (ms, name) in rankings.iter().copied().flatten().filter(everywhere) {
        match totals.iter_mut().find(|(_, other)| other == name) {
            Some((total, _)) => *total += ms,
            None => totals.push((*ms, *name)),
        }
    }
    sort(&mut totals);
    totals
}

/// The fastest variant, unless the leader is nearly as fast: each variant more is compiled before the first step.
pub(super) fn settle(ranking: &Ranking, leader: Option<&'static str>) -> Option<&'static str> {
    let (best_ms, best) = ranking.first()?;
    let near = ranking
        .iter()
        .find(|(ms, name)| Some(*name) == leader && *ms < WORTH_COMPILING * best_ms);
    Some(near.map_or(*best, |(_, name)| *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variant_for_all_shapes_unless_another_is_worth_it() {
        let rankings: [&Ranking; 3] = [
            &[(1.0, "small"), (1.1, "large"), (9.0, "tiled")],
            // One that was behind is measured no more, and leads no more.
            &[(4.0, "large"), (9.0, "small")],
            &[(1.0, "small"), (1.3, "large")],
        ];
        let leader = leader(rankings.into_iter());
        assert_eq!(leader, Some("large"));
        assert_eq!(
            rankings.map(|ranking| settle(ranking, leader)),
            [Some("large"), Some("large"), Some("small")]
        );
        assert_eq!(settle(&[], leader), None);
        assert_eq!(behind(rankings[..1].iter().copied()), ["tiled"]);
        assert_eq!(
            hopeless(&[(1.0, "small"), (2.9, "large"), (3.1, "tiled")]),
            ["tiled"]
        );
    }
}
