namespace Hrms.Contracts;

/// <summary>Whether a provision gives or takes. FHIR Consent.provision.type.</summary>
[GenerateSerializer]
public enum ProvisionType
{
    Deny = 1,
    Permit = 2,
}

/// <summary>
/// Which data a provision is about. Everything empty: all data. Within one list: any of it. The lists other than
/// <paramref name="Records"/> narrow each other (all must hold); <paramref name="Records"/> adds single records to what the others choose.
/// </summary>
/// <param name="Labels">Sensitivity codes, such as HIV or PSY.</param>
/// <param name="Confidentialities">Data as confidential as one of these says. N alone: nothing restricted.</param>
/// <param name="Resolutions">Samples at one of these resolutions only (daily means but never raw samples); never about records.</param>
/// <param name="Window">Only data whose clinical date lies in it; data without a date is never inside a window.</param>
[GenerateSerializer, Immutable, Alias("DataFilter")]
public sealed record DataFilter(
    [property: Id(0)] IReadOnlyList<DataClass> Classes,
    [property: Id(1)] IReadOnlyList<RecordId> Records,
    [property: Id(2)] IReadOnlyList<ProviderId> Authors,
    [property: Id(3)] IReadOnlyList<RecordId> Encounters,
    [property: Id(4)] IReadOnlyList<string> Labels,
    [property: Id(5)] Period? Window = null,
    [property: Id(6)] IReadOnlyList<Confidentiality>? Confidentialities = null,
    [property: Id(7)] IReadOnlyList<SampleResolution>? Resolutions = null)
{
    public static readonly DataFilter All = new([], [], [], [], []);

    /// <summary>Whether the filter narrows by something else than single records.</summary>
    public bool Narrows => Classes.Count + Authors.Count + Encounters.Count + Labels.Count > 0
        || Window is not null || Confidentialities is { Count: > 0 } || Resolutions is { Count: > 0 };
}

/// <summary>A time span: from its start on, up to but without its end. An open end is null.</summary>
[GenerateSerializer, Immutable, Alias("Period")]
public sealed record Period([property: Id(0)] DateTimeOffset? From, [property: Id(1)] DateTimeOffset? Until)
{
    public static readonly Period Always = new(null, null);

    public bool Contains(DateTimeOffset instant) => (From is null || instant >= From) && (Until is null || instant < Until);
}

/// <summary>
/// One rule of a consent: who, why, what may be done, which data. An empty list of purposes or actions means any.
/// The model is the union of IHE PCF (Privacy Consent on FHIR) and India's ABDM consent artefact.
/// </summary>
[GenerateSerializer, Immutable, Alias("Provision")]
public sealed record Provision(
    [property: Id(0)] ProvisionType Type,
    [property: Id(1)] Actor Grantee,
    [property: Id(2)] IReadOnlyList<PurposeOfUse> Purposes,
    [property: Id(3)] IReadOnlyList<AccessAction> Actions,
    [property: Id(4)] DataFilter Data);

/// <summary>
/// What a patient says in one consent: a rule, one level of exceptions from it, and when it holds. An exception holds only inside its rule and
/// must narrow it.
/// </summary>
/// <param name="KeepUntil">Until when a recipient may keep what it received; null: as the law says.</param>
/// <param name="Frequency">How often it may be used; used up, its permits deny until time has passed. Null: without limit.</param>
[GenerateSerializer, Immutable, Alias("ConsentTerms")]
public sealed record ConsentTerms(
    [property: Id(0)] Provision Rule,
    [property: Id(1)] IReadOnlyList<Provision> Exceptions,
    [property: Id(2)] Period Validity,
    [property: Id(3)] DateTimeOffset? KeepUntil = null,
    [property: Id(4)] AccessFrequency? Frequency = null);
