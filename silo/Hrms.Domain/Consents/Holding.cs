using System.Collections.Immutable;
using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>Somebody received data under a consent.</summary>
public sealed record Holding(ConsentId Consent, Actor Holder, DateTimeOffset Since, DateTimeOffset? PurgedAt);

/// <summary>
/// Who received data under which consent: one entry for each pair, however often they looked. Whether they must purge it follows from the consent and the
/// clock alone, without a job (EHDS and ABDM: data erase-at; FHIR Consent: keep until).
/// </summary>
public sealed record HoldingBook(ImmutableDictionary<(ConsentId Consent, Actor Holder), Holding> Holdings)
{
    public static readonly HoldingBook Empty = new(ImmutableDictionary<(ConsentId, Actor), Holding>.Empty);

    public HoldingBook With(Holding holding) => new(Holdings.SetItem((holding.Consent, holding.Holder.Key()), holding));

    public Holding? Find(ConsentId consent, Actor holder) => Holdings.GetValueOrDefault((consent, holder.Key()));

    /// <summary>Whether data under this consent would be new to them: they hold nothing under it, or said that they purged it.</summary>
    public bool IsNew(ConsentId consent, Actor holder) => Find(consent, holder) is null or { PurgedAt: not null };

    /// <summary>Whether they still hold something that was to be purged by now.</summary>
    public bool IsOverdue(ConsentBook book, Actor holder, DateTimeOffset now) => !Holdings.IsEmpty
        && Holdings.Values.Any(holding => holding.Holder.Key() == holder.Key() && View(book, holding, now).Status == HoldingStatus.Overdue);

    public static HoldingView View(ConsentBook book, Holding holding, DateTimeOffset now)
    {
        var by = PurgeBy(book, holding);
        var status = holding.PurgedAt is not null ? HoldingStatus.Purged
            : by is null || !IsDue(book, holding, now) ? HoldingStatus.Held
            : now >= by ? HoldingStatus.Overdue
            : HoldingStatus.PurgeDue;
        return new HoldingView(holding.Consent, holding.Holder, holding.Since, by, holding.PurgedAt, status);
    }

    /// <summary>The earlier of the consent's keep-until and the end of the time that a revocation leaves.</summary>
    public static DateTimeOffset? PurgeBy(ConsentBook book, Holding holding)
    {
        var consent = book.Find(holding.Consent);
        var (keep, revoked) = (consent?.Terms.KeepUntil, consent?.RevokedAt + Limits.PurgeGrace);
        return keep is null || revoked < keep ? revoked : keep;
    }

    // A consent that holds until its keep-until asks for nothing before that moment.
    private static bool IsDue(ConsentBook book, Holding holding, DateTimeOffset now) =>
        book.Find(holding.Consent) is { } consent && (consent.RevokedAt is not null || now >= consent.Terms.KeepUntil);
}
