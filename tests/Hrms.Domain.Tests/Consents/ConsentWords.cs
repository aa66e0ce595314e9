using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Words to write consents, questions and data down as a clinician would say them. Used by every test of the rules.</summary>
internal static class ConsentWords
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Actor DrLee = Actor.Practitioner(new ProviderId(Id(1)));
    public static readonly Actor DrKim = Actor.Practitioner(new ProviderId(Id(2)));
    public static readonly Actor CityHospital = Actor.Organization(new ProviderId(Id(3)));

    /// <summary>A purpose of a code system of somebody's own, and another code of that system.</summary>
    public static readonly PurposeOfUse FooBar = PurposeOfUse.Find("http://example.org/policies/purposeOfUse", "FooBar")!, FooBaz = PurposeOfUse.Find(FooBar.System, "FooBaz")!;

    public static Guid Id(int number) => NameBasedId.Create("test", $"{number}");

    public static Provision Permit(
        Actor who, DataFilter? what = null, PurposeOfUse[]? @for = null, AccessAction[]? to = null) =>
        new(ProvisionType.Permit, who, @for ?? [], to ?? [], what ?? DataFilter.All);

    public static Provision Deny(
        Actor who, DataFilter? what = null, PurposeOfUse[]? @for = null, AccessAction[]? to = null) =>
        Permit(who, what, @for, to) with { Type = ProvisionType.Deny };

    public static DataFilter Only(params DataClass[] classes) => DataFilter.All with { Classes = classes };

    public static DataFilter OnlyRecord(params RecordId[] records) => DataFilter.All with { Records = records };

    public static DataFilter WrittenBy(ProviderId author) => DataFilter.All with { Authors = [author] };

    public static DataFilter During(RecordId encounter) => DataFilter.All with { Encounters = [encounter] };

    public static DataFilter Labelled(params string[] labels) => DataFilter.All with { Labels = labels };

    public static DataFilter Dated(DateTimeOffset? from, DateTimeOffset? until) => DataFilter.All with { Window = new Period(from, until) };

    public static ConsentTerms Except(this Provision rule, params Provision[] exceptions) => new(rule, exceptions, Period.Always);

    public static ConsentTerms Valid(this Provision rule, DateTimeOffset? from, DateTimeOffset? until) => new(rule, [], new Period(from, until));

    public static Consent AsConsent(this ConsentTerms terms, int number) =>
        new(new ConsentId(Id(1000 + number)), 1, terms, Now.AddYears(-1), null, number, []);

    public static ConsentBook Book(params ConsentTerms[] terms) => terms.Select((t, i) => t.AsConsent(i)).Aggregate(ConsentBook.Empty, (book, c) => book.With(c));

    public static ConsentBook Book(params Provision[] rules) => Book([.. rules.Select(rule => rule.Except())]);

    public static AccessRequest Asks(
        this Actor who, PurposeOfUse? purpose = null, AccessAction action = AccessAction.View, DateTimeOffset? at = null, params Guid[] memberOf) =>
        new(who, [.. memberOf.Select(group => new Membership(new ProviderId(group)))], purpose ?? PurposeOfUse.TREAT, action, at ?? Now);

    public static Datum Datum(
        DataClass @class = DataClass.Laboratory, RecordId? id = null, DateTimeOffset? date = null, ProviderId[]? authors = null, RecordId? encounter = null,
        string[]? labels = null) => new(id ?? new RecordId(Id(500)), @class, date, authors ?? [], encounter, labels ?? []);

    /// <summary>The answer of both evaluators, which must be one.</summary>
    public static Decision Decide(this ConsentBook book, AccessRequest ask, Datum datum)
    {
        var decision = ReferenceEvaluator.Decide(book, ask, datum);
        Assert.Equal(decision, book.Policy.For(ask).Decide(datum));
        return decision;
    }

    public static bool Permits(this ConsentBook book, AccessRequest ask, Datum datum) => book.Decide(ask, datum).Permitted;
}
