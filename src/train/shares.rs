//! How the images of a batch are divided among the members of a crew, and how what they give is put together again.

use super::Error;
use crate::net::Draw;

/// The images of each member of a crew of `members`, number and draw each; the one with the session is the first.
pub(super) fn divided(draws: Vec<Draw>, members: usize) -> Vec<Vec<(usize, Draw)>> {
    let mut shares = vec![Vec::new(); members];
    for (number, draw) in draws.into_iter().enumerate() {
        shares[number % members].push((number, draw));
    }
    shares
}

/// What each image gave, in the order of the images.
///
/// # Errors
/// [`Error::Crew`] where a member gave less or more than it has images.
pub(super) fn in_order<T>(shares: &[Vec<(usize, Draw)>], given: Vec<Vec<T>>) -> Result<Vec<T>, Error> {
    let is_whole = |(images, given): (&Vec<(usize, Draw)>, &Vec<T>)| images.len() == given.len();
    if shares.len() != given.len() || !shares.iter().zip(&given).all(is_whole) {
        return Err(misunderstood());
    }
    let numbers = shares.iter().flatten().map(|(number, _)| *number);
    let mut all: Vec<(usize, T)> = numbers.zip(given.into_iter().flatten()).collect();
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, given)| given).collect())
}

pub(super) fn misunderstood() -> Error {
    Error::Crew("it answered something else".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_divided_comes_together_in_order() {
        for members in 1..6 {
            let shares = divided((0..4).map(Draw::plain).collect(), members);
            assert_eq!(shares.len(), members);
            let slices = |share: &Vec<(usize, Draw)>| share.iter().map(|(_, draw)| draw.slice).collect();
            let given: Vec<Vec<u32>> = shares.iter().map(slices).collect();
            assert_eq!(in_order(&shares, given.clone()).unwrap(), [0, 1, 2, 3]);
            let mut short = given.clone();
            short[0].pop();
            assert!(matches!(in_order(&shares, short), Err(Error::Crew(_))));
            assert!(matches!(
                in_order(&shares, given[1..].to_vec()),
                Err(Error::Crew(_))
            ));
        }
    }
}
