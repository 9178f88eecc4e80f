//! The loss with the current values filled in.

use crate::loss::{Params, Union};
use crate::ui::widgets::math::{call, mi, mn, mo, row, space, sub, sub_text, words};

fn number(value: f32) -> String {
    mn(f64::from(value))
}

/// `L = α · L_CE + β · L_SD`
pub fn compound(loss: &Params) -> Vec<String> {
    let [ce, sd] = [sub_text("L", "CE"), sub_text("L", "SD")];
    let filled = [number(loss.alpha), ce, mo("+"), number(loss.beta), sd];
    vec![row(&[
        mi("L"),
        mo("="),
        mi("α"),
        sub_text("L", "CE"),
        mo("+"),
        mi("β"),
        sub_text("L", "SD"),
        mo("="),
        row(&filled),
    ])]
}

/// The weight of a pixel, and what is weighed.
pub fn cross_entropy(loss: &Params) -> Vec<String> {
    let x = mi("x");
    let base = if loss.plain == 0.0 {
        number(1.0)
    } else {
        row(&[number(loss.plain), mo("+"), number(1.0)])
    };
    let from = if loss.union == Union::All { "0" } else { "1" };
    let sum = format!("<munder><mo>∑</mo><mrow><mi>k</mi><mo>≥</mo><mn>{from}</mn></mrow></munder>");
    let contour = [call(
        "min",
        &row(&[
            number(1.0),
            mo(","),
            sum,
            sub("C", "k"),
            mo("("),
            x.clone(),
            mo(")"),
        ]),
    )];
    let pixels = "<munder><mo>∑</mo><mi>x</mi></munder>".to_owned();
    let mean = "<mfrac><mn>1</mn><mrow><mo>|</mo><mi>Ω</mi><mo>|</mo></mrow></mfrac>".to_owned();
    let log = row(&[
        space(),
        mi("log"),
        mo("&#x2061;"),
        space(),
        sub("p", "g"),
        mo("("),
        x.clone(),
        mo(")"),
    ]);
    vec![
        row(&[
            call("w", &x),
            mo("="),
            base,
            mo("+"),
            number(loss.lambda_w),
            mo("·"),
            call("c", &x),
        ]),
        row(&[call("c", &x), mo("="), row(&contour)]),
        row(&[
            sub_text("L", "CE"),
            mo("="),
            mo("−"),
            mean,
            pixels,
            call("w", &x),
            log,
        ]),
    ]
}

/// `L_SD` and the ratio that it is made of.
pub fn dice(loss: &Params) -> Vec<String> {
    let term = |weight: f32, name: &str| row(&[number(weight), mo("·"), call("D", &words(name))]);
    let set = "<munder><mo>∑</mo><mi>S</mi></munder>";
    let epsilon = number(loss.smooth);
    let ratio = format!(
        "<mfrac><mrow><mn>2</mn>{set}<mi>p</mi><mi>g</mi><mo>+</mo>{epsilon}</mrow>\
         <mrow>{set}<mi>p</mi><mo>+</mo>{set}<mi>g</mi><mo>+</mo>{epsilon}</mrow></mfrac>"
    );
    vec![
        row(&[
            sub_text("L", "SD"),
            mo("="),
            term(loss.lambda_contour, "contour"),
            mo("+"),
            term(loss.lambda_noncontour, "rest"),
        ]),
        row(&[call("D", &mi("S")), mo("="), number(1.0), mo("−"), ratio]),
    ]
}
