//! What the mails say, in each language. They hold no words of people, such as names: whoever adds a user chooses the
//! address, and could send words of one's own to anybody.

use domain::locale::Locale;
use domain::notification::{NotificationKind, Words};
use domain::text::Slug;
use platform::mail::Letter;

pub(super) fn welcome_admin(locale: Locale, slug: &Slug) -> Letter {
    welcome(locale, slug, true)
}

pub(super) fn welcome_user(locale: Locale, slug: &Slug) -> Letter {
    welcome(locale, slug, false)
}

fn welcome(locale: Locale, slug: &Slug, is_of_tenant: bool) -> Letter {
    let slug = slug.as_str();
    let (subject, news, next) = match locale {
        Locale::English => (
            "Welcome to Terrace",
            if is_of_tenant { "Your tenant is ready." } else { "You have an account now." },
            format!("Sign in with the tenant \"{slug}\" and this e-mail address."),
        ),
        Locale::German => (
            "Willkommen bei Terrace",
            if is_of_tenant { "Ihr Mandant ist bereit." } else { "Sie haben jetzt ein Konto." },
            format!("Melden Sie sich mit dem Mandanten „{slug}“ und dieser E-Mail-Adresse an."),
        ),
    };
    Letter::new(locale, subject).say(news).say(next)
}

pub(super) fn new_password(locale: Locale, slug: &Slug) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "Your password was changed")
            .say(format!("The password of your account of the tenant \"{slug}\" was changed, and all sessions ended."))
            .say("If it was not you, ask for a new password at once, and tell an admin of your tenant."),
        Locale::German => Letter::new(locale, "Ihr Passwort wurde geändert")
            .say(format!("Das Passwort Ihres Kontos beim Mandanten „{slug}“ wurde geändert; alle Sitzungen sind beendet."))
            .say("Wenn Sie das nicht waren, fordern Sie sofort ein neues an und sagen es einem Admin Ihres Mandanten."),
    }
}

pub(super) fn new_address(locale: Locale, slug: &Slug) -> Letter {
    let slug = slug.as_str();
    match locale {
        Locale::English => Letter::new(locale, "Your e-mail address was changed")
            .say(format!("Your account of the tenant \"{slug}\" has another e-mail address now, and not this one any more."))
            .say("If it was not you, tell an admin of your tenant at once."),
        Locale::German => Letter::new(locale, "Ihre E-Mail-Adresse wurde geändert")
            .say(format!("Ihr Konto beim Mandanten „{slug}“ hat jetzt eine andere E-Mail-Adresse und nicht mehr diese."))
            .say("Wenn Sie das nicht waren, sagen Sie es sofort einem Admin Ihres Mandanten."),
    }
}

pub(super) fn notification(kind: &NotificationKind, locale: Locale) -> Letter {
    let Words { subject, news } = kind.words(locale);
    Letter::new(locale, subject).say(news)
}

#[cfg(test)]
mod tests {
    use domain::id::OrderId;
    use platform::new_id;

    use super::*;

    #[test]
    fn every_mail_is_said_in_every_language_and_names_what_it_is_about() {
        let slug = Slug::try_from("acme".to_owned()).unwrap();
        let order_id = new_id(OrderId::from_uuid);
        let reason = "See https://evil.example".to_owned().try_into().unwrap();
        let letters = |locale| {
            [
                (welcome_admin(locale, &slug), "acme".to_owned()),
                (welcome_user(locale, &slug), "acme".to_owned()),
                (new_password(locale, &slug), "acme".to_owned()),
                (new_address(locale, &slug), "acme".to_owned()),
                (notification(&NotificationKind::OrderConfirmed { order_id }, locale), order_id.to_string()),
            ]
        };
        let mut said = std::collections::BTreeSet::new();
        for (letter, named) in Locale::ALL.iter().flat_map(|locale| letters(*locale)) {
            assert!(letter.text().contains(&named) && letter.html().contains(&named), "{letter:?}");
            // Without the greeting, which the letter chooses.
            said.insert(letter.text().lines().skip(1).collect::<String>());
        }
        assert_eq!(said.len(), 5 * Locale::ALL.len());
        let cancelled = NotificationKind::OrderCancelled { order_id, reason };
        for locale in Locale::ALL {
            let text = notification(&cancelled, *locale).text();
            assert!(text.contains(&order_id.to_string()) && !text.contains("evil"), "{text}");
        }
    }
}
