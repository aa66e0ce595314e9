using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Random consents, questions and data over so few ids, codes and instants that they meet, tie and contradict each other.</summary>
internal static class ConsentGens
{
    private static readonly Gen<Guid> Party = Gen.Int[1, 3].Select(Id);
    private static readonly Gen<RecordId> Record = Gen.Int[500, 503].Select(i => new RecordId(Id(i)));
    private static readonly Gen<ProviderId> Author = Party.Select(id => new ProviderId(id));
    private static readonly Gen<string> Label = OneOf("N", "R", "HIV");
    private static readonly Gen<string> Role = OneOf("nurse", "doctor");
    private static readonly Gen<string> App = OneOf("diary", "registry");
    private static readonly Gen<SampleResolution> Resolution = OneOf(SampleResolution.Raw, SampleResolution.Day);
    private static readonly Gen<DataClass> Class = OneOf(DataClass.Laboratory, DataClass.Medications, DataClass.Wearables);
    private static readonly Gen<PurposeOfUse> Purpose = OneOf(PurposeOfUse.TREAT, PurposeOfUse.HRESCH, PurposeOfUse.BTG, FooBar, FooBaz);
    private static readonly Gen<AccessAction> Action = OneOf(AccessAction.View, AccessAction.Store, AccessAction.Export);

    // The same few instants, written in several offsets: only the instant may count.
    public static readonly Gen<DateTimeOffset> Instant = Gen.Select(Gen.Int[-2, 3], Gen.Int[-3, 3])
        .Select((day, offset) => Now.AddDays(day).ToOffset(TimeSpan.FromHours(offset)));

    private static readonly Gen<Period> Period = Gen.Select(Maybe(Instant), Maybe(Instant))
        .Select((from, until) => new Period(from, until)).Where(period => !(period.Until <= period.From));

    private static readonly Gen<Actor> Grantee = Gen.Frequency(
        (3, Gen.Const(Actor.Anyone)),
        (4, Party.Select(id => new Actor(ActorKind.Organization, id))),
        (6, Party.Select(id => new Actor(ActorKind.Practitioner, id))),
        (3, Party.Select(id => new Actor(ActorKind.CareTeam, id))),
        (3, Gen.Select(Party, Role).Select((id, role) => new Actor(ActorKind.Role, id, role))),
        (2, App.Select(Actor.App)),
        (2, Party.Select(id => new Actor(ActorKind.Delegate, id))),
        (1, Gen.Select(Gen.Enum<ActorKind>(), Party, OneOf<string?>(null, "nurse")).Select((kind, id, role) => new Actor(kind, id, role))));

    private static readonly Gen<DataFilter> Filter = Gen.Select(
            Few(Class, 2), Few(Record, 3), Few(Author, 4), Few(Record, 4), Few(Label, 4), Gen.Frequency((4, Gen.Const((Period?)null)), (1, Period.Select(p => (Period?)p))),
            Gen.Select(Few(OneOf(Confidentiality.N, Confidentiality.R), 6), Few(Resolution, 8)))
        .Select((classes, records, authors, encounters, labels, window, finer) =>
            new DataFilter(classes, records, authors, encounters, labels, window, finer.Item1, finer.Item2));

    // The whole record to anyone, which means providers alone: its own form, since random parts seldom make it.
    private static readonly Gen<Provision> Open = Gen.Select(Purpose.Array[1, 2], Few(Action, 2))
        .Select((purposes, actions) => new Provision(ProvisionType.Permit, Actor.Anyone, purposes, actions, DataFilter.All));

    private static readonly Gen<Provision> Rule = Gen.Frequency(
        (9, Gen.Select(Gen.Enum<ProvisionType>(), Grantee, Few(Purpose, 2), Few(Action, 2), Filter)
            .Select((type, grantee, purposes, actions, filter) => new Provision(type, grantee, purposes, actions, filter))),
        (1, Open));

    public static readonly Gen<ConsentTerms> Terms = Gen.Select(Rule, Rule.Array[0, 3], Gen.Frequency((3, Gen.Const(Contracts.Period.Always)), (2, Period)))
        .Select((rule, exceptions, validity) => new ConsentTerms(rule, exceptions, validity));

    public static readonly Gen<Consent> Consent = Gen.Select(Gen.Guid, Terms, Gen.Int[1, 3], Gen.Int[0, 9])
        .Select((id, terms, version, fate) =>
            new Consent(new ConsentId(id), version, terms, Now.AddYears(-1), fate == 0 ? Now : null, version, []));

    public static readonly Gen<Consent[]> Consents = Consent.Array[0, 30];

    public static readonly Gen<DefaultPolicy> Default = Gen.Frequency((3, Gen.Const(DefaultPolicy.Deny)), (2, Gen.Enum<DefaultPolicy>()));

    private static readonly Gen<string?> Type = OneOf(null, "Observation", "MedicationRequest");
    private static readonly Gen<Code> Category = Gen.Select(OneOf(null, "", "sys"), OneOf("lab", "vital")).Select((system, code) => new Code(system, code, null));

    public static readonly Gen<ResourceScope> Resource = Gen.Select(
            Gen.Enum<ScopeContext>(), Type, Gen.Int[1, 31], Gen.Frequency((2, Gen.Const((ScopeCategory?)null)), (1, Category.Select(code => (ScopeCategory?)new ScopeCategory(code.System, code.Value)))))
        .Select((context, type, interactions, category) => new ResourceScope(context, type, (ScopeInteractions)interactions, type is null ? null : category));

    public static readonly Gen<AppReach?> Reach = Gen.Frequency(
        (4, Gen.Const((AppReach?)null)),
        (1, Gen.Select(Resource.Array[0, 3], OneOf(ScopeInteractions.Read, ScopeInteractions.Create, ScopeInteractions.Read | ScopeInteractions.Search))
            .Select((resources, needed) => (AppReach?)new AppReach(resources, needed))));

    public static readonly Gen<AccessRequest> Ask = Gen.Select(
            Gen.Frequency((6, Party.Select(id => new Actor(ActorKind.Practitioner, id))), (2, Party.Select(id => new Actor(ActorKind.Patient, id))), (1, Grantee)),
            Gen.Select(Author, OneOf<string?>(null, "nurse", "doctor")).Select((group, role) => new Membership(group, role)).Array[0, 2],
            Purpose, Action, Instant, OneOf<string?>(null, "diary", "registry"), Gen.Bool, Gen.Select(Gen.Int[0, 19], Reach))
        .Select((actor, memberships, purpose, action, now, app, onBehalf, more) =>
            new AccessRequest(actor, memberships, purpose, action, now, app, onBehalf, PurgeOverdue: more.Item1 == 0, LedgerAhead: more.Item1 == 1, Reach: more.Item2));

    public static readonly Gen<Datum> Datum = Gen.Select(
            Maybe(Record), Class, Maybe(Instant), Few(Author, 1), Maybe(Record), Few(Label, 1), Gen.Select(Maybe(Resolution), Type, Few(Category, 1)))
        .Select((id, @class, date, authors, encounter, labels, more) => new Datum(id, @class, date, authors, encounter, labels, more.Item1, more.Item2, more.Item3));

    private static readonly Gen<Delegation> Delegation = Gen.Select(
            Gen.Guid, Party, Gen.Enum<DelegateRole>(), Gen.Enum<DelegateLevel>(), Instant, Maybe(Instant), Gen.Int[0, 9])
        .Select((id, person, role, level, from, until, fate) =>
            new Delegation(new DelegationId(id), new PatientId(person), role, level, from, until, fate == 0 ? from : null, 1));

    private static readonly Gen<BrokenGlass> Glass = Gen.Select(Gen.Guid, Party, Filter, Instant, Instant)
        .Select((id, by, scope, from, until) => new BrokenGlass(new BreakGlassId(id), new Actor(ActorKind.Practitioner, by), "unconscious", scope, from, until, 1));

    /// <summary>All that can decide: consents, the default, delegates, broken glass and, seldom, the opt-out.</summary>
    public static readonly Gen<ConsentBook> Book = Gen.Select(Consents, Default, Delegation.Array[0, 2], Glass.Array[0, 4], Gen.Int[0, 19])
        .Select((consents, @default, delegations, glasses, optOut) => BookOf(consents, @default) with
        {
            Delegations = [.. delegations], BrokenGlasses = [.. glasses], OptedOut = optOut == 0,
        });

    /// <summary>The question when some of the book's consents, one in four by their id, are used up.</summary>
    public static AccessRequest WithUsesOf(this AccessRequest ask, ConsentBook book) =>
        ask with { UsedUp = book.Consents.Keys.Where(id => id.Value.ToByteArray()[0] % 4 == 0).ToHashSet() };

    public static ConsentBook BookOf(IEnumerable<Consent> consents, DefaultPolicy @default) =>
        consents.Aggregate(ConsentBook.Empty with { Default = @default }, (book, consent) => book.With(consent));

    /// <summary>The consent with every provision of one type.</summary>
    public static Consent Purely(this Consent consent, ProvisionType type) => consent with
    {
        RevokedAt = null,
        Terms = consent.Terms with
        {
            Rule = consent.Terms.Rule with { Type = type }, Exceptions = [.. consent.Terms.Exceptions.Select(e => e with { Type = type })],
        },
    };

    // Mostly empty, so that filters of many kinds still meet a datum: one in 1 + weight holds something.
    private static Gen<T[]> Few<T>(Gen<T> item, int weight) => Gen.Frequency((weight, Gen.Const(Array.Empty<T>())), (1, item.Array[1, 2]));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : struct => Gen.Select(Gen.Bool, gen).Select((some, value) => some ? value : (T?)null);
}
