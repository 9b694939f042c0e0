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

pub(crate) fn invitation(locale: Locale, slug: &Slug, url: &str) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "An invitation to Terrace")
            .say(format!("You are invited to the tenant \"{slug}\"."))
            .link("Choose a password", url)
            .say(format!("The link is good once, for a week. Sign in with the tenant \"{slug}\" and this address then."))
            .say("If you do not know what this is about, there is nothing to do."),
        Locale::German => Letter::new(locale, "Einladung zu Terrace")
            .say(format!("Sie sind zum Mandanten „{slug}“ eingeladen."))
            .link("Passwort wählen", url)
            .say(format!("Der Link gilt einmal und eine Woche lang. Melden Sie sich dann mit dem Mandanten „{slug}“ und dieser Adresse an."))
            .say("Wenn Sie nicht wissen, worum es geht, ist nichts zu tun."),
    }
}

pub(crate) fn ownership(locale: Locale, slug: &Slug, url: &str) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "You are to be the owner of a tenant")
            .say(format!("The operator of Terrace offers you the tenant \"{slug}\", whose owner cannot be reached."))
            .link("Choose a password and become the owner", url)
            .say("The link is good once, for a week.")
            .say("If you do not know what this is about, there is nothing to do."),
        Locale::German => Letter::new(locale, "Sie sollen einen Mandanten übernehmen")
            .say(format!("Der Betreiber von Terrace bietet Ihnen den Mandanten „{slug}“ an, dessen Eigentümer nicht erreichbar ist."))
            .link("Passwort wählen und Eigentümer werden", url)
            .say("Der Link gilt einmal und eine Woche lang.")
            .say("Wenn Sie nicht wissen, worum es geht, ist nichts zu tun."),
    }
}

pub(crate) fn verification(locale: Locale, slug: &Slug, url: &str) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "Confirm your registration")
            .say(format!("Somebody has registered with this address for the tenant \"{slug}\"."))
            .link("Choose a password", url)
            .say("The link is good once, for half an hour.")
            .say("If it was not you, there is nothing to do: without the link, there is no account."),
        Locale::German => Letter::new(locale, "Registrierung bestätigen")
            .say(format!("Jemand hat sich mit dieser Adresse beim Mandanten „{slug}“ registriert."))
            .link("Passwort wählen", url)
            .say("Der Link gilt einmal und eine halbe Stunde lang.")
            .say("Wenn Sie das nicht waren, ist nichts zu tun: Ohne den Link entsteht kein Konto."),
    }
}

pub(crate) fn email_change(locale: Locale, slug: &Slug, url: &str) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "Confirm your e-mail address")
            .say(format!("This address is to be that of an account of the tenant \"{slug}\"."))
            .link("Use this address", url)
            .say("The link is good once, for half an hour. The address of before counts until then.")
            .say("If it was not you, there is nothing to do."),
        Locale::German => Letter::new(locale, "E-Mail-Adresse bestätigen")
            .say(format!("Diese Adresse soll die eines Kontos beim Mandanten „{slug}“ werden."))
            .link("Diese Adresse verwenden", url)
            .say("Der Link gilt einmal und eine halbe Stunde lang. Bis dahin gilt die bisherige Adresse.")
            .say("Wenn Sie das nicht waren, ist nichts zu tun."),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_link_stands_in_both_parts_in_every_language() {
        let mut said = BTreeSet::new();
        let slug = Slug::try_from("acme".to_owned()).unwrap();
        for locale in Locale::ALL {
            for letter in [password_reset, invitation, ownership, verification, email_change] {
                let letter = letter(*locale, &slug, "https://app.example/a-page#a.b");
                assert!(letter.text().contains("\nhttps://app.example/a-page#a.b\n"), "{letter:?}");
                assert!(letter.html().contains("href=\"https://app.example/a-page#a.b\""), "{letter:?}");
                assert!(letter.text().contains("acme"), "{letter:?}");
                assert!(letter.html().contains(&format!("lang=\"{}\"", locale.as_str())), "{letter:?}");
                said.insert(letter.text().lines().nth(2).unwrap().to_owned());
            }
        }
        assert_eq!(said.len(), 5 * Locale::ALL.len(), "each language has words of its own: {said:?}");
    }
}
