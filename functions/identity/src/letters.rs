//! What the mails with links say, in each language. They hold no words of people: a stranger can let one be sent.

use domain::locale::Locale;
use domain::text::Slug;
use platform::mail::Letter;

pub(crate) fn password_reset(locale: Locale, slug: &Slug, url: &str) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "Choose a new password")
            .say(format!("Somebody has asked for a new password for your account of the tenant \"{slug}\"."))
            .link("Choose a new password", url)
            .say("The link is good once, for half an hour. All of your sessions end then.")
            .say("If it was not you, there is nothing to do: your password stays as it is."),
        Locale::German => Letter::new(locale, "Neues Passwort wählen")
            .say(format!("Jemand hat ein neues Passwort für Ihr Konto beim Mandanten „{slug}“ angefordert."))
            .link("Neues Passwort wählen", url)
            .say("Der Link gilt einmal und eine halbe Stunde lang. Alle Ihre Sitzungen enden dann.")
            .say("Wenn Sie das nicht waren, ist nichts zu tun: Ihr Passwort bleibt, wie es ist."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_in_both_parts_in_every_language() {
        let slug = Slug::try_from("acme".to_owned()).unwrap();
        for locale in Locale::ALL {
            let letter = password_reset(*locale, &slug, "https://app.example/password-reset#a.b");
            assert!(letter.text().contains("\nhttps://app.example/password-reset#a.b\n"), "{letter:?}");
            assert!(letter.html().contains("href=\"https://app.example/password-reset#a.b\""), "{letter:?}");
            assert!(letter.text().contains("acme"), "{letter:?}");
        }
    }
}
