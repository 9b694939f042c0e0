//! Plots as SVG.

use plotters::prelude::*;

pub(crate) struct Line {
    pub(crate) label: String,
    /// One for each place on the x axis, from the first.
    pub(crate) values: Vec<f64>,
}

const WIDTH: u32 = 760;
const FONT: &str = "sans-serif";
const COLORS: [RGBColor; 4] =
    [RGBColor(31, 119, 180), RGBColor(255, 127, 14), RGBColor(44, 160, 44), RGBColor(148, 103, 189)];

/// A bar for each value, from top to bottom.
pub(crate) fn bars(title: &str, unit: &str, values: &[(String, f64)]) -> String {
    let height = 90 + 34 * u32::try_from(values.len()).unwrap_or(u32::MAX);
    draw(height, |root| {
        let most = values.iter().map(|(_, value)| *value).fold(f64::MIN_POSITIVE, f64::max);
        let longest = values.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
        let last = i32::try_from(values.len())? - 1;
        let mut chart = ChartBuilder::on(root)
            .caption(title, (FONT, 18))
            .margin(10)
            .x_label_area_size(36)
            .y_label_area_size(20 + 7 * u32::try_from(longest)?)
            // Room at the right for the number of the longest bar.
            .build_cartesian_2d(0.0..most * 1.12, (0..last).into_segmented())?;
        let name = |at: &SegmentValue<i32>| match at {
            // The first one stands at the top, and the axis begins at the bottom.
            SegmentValue::CenterOf(at) => usize::try_from(last - at)
                .ok()
                .and_then(|at| values.get(at))
                .map_or(String::new(), |(label, _)| label.clone()),
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(TRANSPARENT)
            .y_labels(values.len())
            .y_label_formatter(&name)
            .x_desc(unit)
            .x_labels(6)
            .label_style((FONT, 13))
            .draw()?;
        for ((_, value), at) in values.iter().zip((0..=last).rev()) {
            let [below, above] = [SegmentValue::Exact(at), SegmentValue::Exact(at + 1)];
            let mut bar = Rectangle::new([(0.0, below), (*value, above)], COLORS[0].filled());
            bar.set_margin(6, 6, 0, 0);
            chart.draw_series([bar])?;
            let text = EmptyElement::at((*value, SegmentValue::CenterOf(at)))
                + Text::new(short(*value), (5, -6), (FONT, 13));
            chart.draw_series([text])?;
        }
        Ok(())
    })
}

/// Lines over places at equal distances.
pub(crate) fn lines(title: &str, x: &str, unit: &str, places: &[String], lines: &[Line]) -> String {
    draw(380, |root| {
        let most = lines.iter().flat_map(|line| &line.values).copied().fold(f64::MIN_POSITIVE, f64::max);
        let last = places.len() as f64 - 1.0;
        let mut chart = ChartBuilder::on(root)
            .caption(title, (FONT, 18))
            .margin(10)
            .margin_right(24)
            .x_label_area_size(40)
            .y_label_area_size(64)
            // Room above the lines for the legend.
            .build_cartesian_2d(-0.1..last + 0.1, 0.0..most * (1.1 + 0.08 * lines.len() as f64))?;
        let place = |at: &f64| match at.fract() == 0.0 && *at >= 0.0 {
            true => places.get(*at as usize).cloned().unwrap_or_default(),
            false => String::new(),
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .x_labels(places.len())
            .x_label_formatter(&place)
            .y_label_formatter(&|value| short(*value))
            .x_desc(x)
            .y_desc(unit)
            .label_style((FONT, 13))
            .draw()?;
        for (line, color) in lines.iter().zip(COLORS.iter().cycle()) {
            let points: Vec<_> =
                line.values.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect();
            chart
                .draw_series(LineSeries::new(points, color.stroke_width(2)).point_size(3))?
                .label(line.label.as_str())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .label_font((FONT, 13))
            .background_style(WHITE.filled())
            .draw()?;
        Ok(())
    })
}

type Root<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn draw(height: u32, draw: impl FnOnce(&Root<'_>) -> Result<(), Box<dyn std::error::Error>>) -> String {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        root.fill(&WHITE).expect("a text takes all that is drawn");
        draw(&root).expect("a text takes all that is drawn");
        root.present().expect("a text takes all that is drawn");
    }
    svg
}

/// With as many digits as a reader compares.
fn short(value: f64) -> String {
    match value {
        value if value >= 100.0 || value == 0.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_their_names_and_numbers() {
        let svg = bars("Title", "ms", &[("first".to_owned(), 12.34), ("second".to_owned(), 0.5)]);
        for text in ["Title", "ms", "first", "second", "12.3", "0.50"] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text}: {svg}");
        }
    }

    #[test]
    fn lines_have_their_names_and_places() {
        let line = Line { label: "one".to_owned(), values: vec![1.0, 2.0, 3.0] };
        let svg = lines("Title", "connections", "requests/s", &["1", "8", "64"].map(str::to_owned), &[line]);
        for text in ["Title", "connections", "requests/s", "one", "1", "8", "64"] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text}: {svg}");
        }
    }
}
