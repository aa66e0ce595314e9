namespace Hrms.Contracts;

/// <summary>
/// What a token lets an app reach of health records. It only ever narrows: the patient's grain decides as for anybody, and then looks whether the token reaches as far. What it
/// leaves out looks absent. Everything that is not a record (consents, history, delegates, devices, keys) is out of its reach altogether.
/// </summary>
/// <param name="Resources">None: the token reaches nothing.</param>
/// <param name="Patient">Whom <see cref="ScopeContext.Patient"/> means; null: nobody.</param>
[GenerateSerializer, Immutable, Alias("AppScope")]
public sealed record AppScope([property: Id(0)] IReadOnlyList<ResourceScope> Resources, [property: Id(1)] PatientId? Patient)
{
    /// <summary>As far as it reaches into one patient's record, for something that needs all of these interactions.</summary>
    public AppReach Of(PatientId patient, ScopeInteractions needed) =>
        new([.. Resources.Where(scope => scope.Context != ScopeContext.Patient || Patient == patient)], needed);

    /// <summary>As far as it reaches for an action. What writes says which of the two it needs.</summary>
    public AppReach Of(PatientId patient, AccessAction action) => Of(patient, action switch
    {
        AccessAction.View => ScopeInteractions.Read,
        AccessAction.Query => ScopeInteractions.Search,
        // Found by nobody who asked, and given whole.
        AccessAction.Stream or AccessAction.Export => ScopeInteractions.Read | ScopeInteractions.Search,
        _ => ScopeInteractions.Create | ScopeInteractions.Update,
    });

    public override string ToString() => string.Join(' ', Resources);
}

/// <summary>What a token lets an app do one thing with, in one patient's record.</summary>
public sealed record AppReach(IReadOnlyList<ResourceScope> Resources, ScopeInteractions Needed)
{
    /// <summary>Whether there is any record that it could reach.</summary>
    public bool ReachesSomething => IsEnough(Resources);

    /// <param name="categories">Null: not known.</param>
    public bool Reaches(string? resourceType, IReadOnlyList<Code>? categories) => IsEnough(Resources.Where(scope => scope.IsAbout(resourceType, categories)));

    private bool IsEnough(IEnumerable<ResourceScope> scopes) =>
        (scopes.Aggregate(ScopeInteractions.None, (allowed, scope) => allowed | scope.Interactions) & Needed) == Needed;
}
