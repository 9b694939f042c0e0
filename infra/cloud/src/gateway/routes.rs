//! Which route a request takes: the most specific one of its method.

use std::collections::BTreeMap;

use crate::model::Route;

pub(crate) struct RouteTable {
    /// The most specific route comes first.
    routes: Vec<(Vec<Segment>, Route)>,
}

#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) route: &'a Route,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// The derived order puts static segments, which are more specific, before parameters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Static(String),
    Parameter(String),
}

impl Segment {
    fn parse(text: &str) -> Segment {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            None => Segment::Static(text.to_owned()),
            Some(name) => Segment::Parameter(name.to_owned()),
        }
    }
}

impl RouteTable {
    pub(crate) fn new(routes: &[Route]) -> RouteTable {
        let mut routes: Vec<_> = routes
            .iter()
            .map(|route| (segments(&route.path).map(Segment::parse).collect::<Vec<_>>(), route.clone()))
            .collect();
        routes.sort_by(|(one, _), (other, _)| one.cmp(other));
        RouteTable { routes }
    }

    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Found<'_>> {
        self.routes.iter().filter(|(_, route)| route.method == method).find_map(|(segments, route)| {
            let parameters = matched(segments, path)?;
            Some(Found { route, parameters })
        })
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

fn matched(pattern: &[Segment], path: &str) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    let mut rest = segments(path);
    for segment in pattern {
        let text = rest.next()?;
        match segment {
            Segment::Static(expected) if expected == text => {}
            Segment::Parameter(name) if !text.is_empty() => {
                parameters.insert(name.clone(), text.to_owned());
            }
            _ => return None,
        }
    }
    rest.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RouteAuthorizer;

    fn table(keys: &[&str]) -> RouteTable {
        let route = |key: &&str| {
            let (method, path) = key.split_once(' ').unwrap();
            Route {
                method: method.into(),
                path: path.into(),
                function: (*key).into(),
                authorizer: RouteAuthorizer::None,
            }
        };
        RouteTable::new(&keys.iter().map(route).collect::<Vec<_>>())
    }

    fn taken(table: &RouteTable, method: &str, path: &str) -> Option<(String, Vec<String>)> {
        let found = table.find(method, path)?;
        Some((found.route.function.clone(), found.parameters.into_values().collect()))
    }

    #[test]
    fn the_most_specific_route_of_the_method_is_taken() {
        let table = table(&["GET /{x}", "GET /a/{x}/c", "GET /a/{x}", "GET /a/b", "POST /a/{x}", "GET /"]);
        let takes = |path: &str, key: &str, values: &[&str]| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            assert_eq!(taken(&table, "GET", path), Some((key.to_owned(), values)), "{path}");
        };
        takes("/a/b", "GET /a/b", &[]);
        takes("/a/z", "GET /a/{x}", &["z"]);
        takes("/a/b/c", "GET /a/{x}/c", &["b"]);
        takes("/z", "GET /{x}", &["z"]);
        takes("/", "GET /", &[]);
        assert_eq!(taken(&table, "POST", "/a/b"), Some(("POST /a/{x}".into(), vec!["b".into()])));
    }

    #[test]
    fn nothing_is_guessed() {
        let table = table(&["GET /a", "GET /b/{x}"]);
        for path in ["/a/", "/A", "//a", "/b", "/b/", "/b/1/", "/b/1/2", "/c", "/"] {
            assert_eq!(taken(&table, "GET", path), None, "{path}");
        }
        assert_eq!(taken(&table, "HEAD", "/a"), None);
    }
}
