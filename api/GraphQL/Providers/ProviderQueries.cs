using GraphQL;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Providers;

public sealed class ProviderQueries
{
    [ForApps, LookUp, Description("A practitioner or organisation; null when there is none.")]
    public static Task<ProviderType?> Provider([Id] Guid id, IResolveFieldContext context) =>
        context.Provider(id).ViewAsync().OrNull(view => new ProviderType(view));

    [ForApps, LookUp, Description("The practitioner or organisation with a business identifier, such as an NPI.")]
    public static Task<ProviderType?> ProviderByIdentifier(string system, string value, IResolveFieldContext context) =>
        context.Provider(ProviderId.FromIdentifier(system, value).Value).ViewAsync().OrNull(view => new ProviderType(view));
}

[Name("Provider")]
public sealed class ProviderType(ProviderView view)
{
    [Id]
    public Guid Id => view.Id.Value;

    public ProviderKind Kind => view.Kind;

    public string Name => view.Name;

    public string IdentifierSystem => view.IdentifierSystem;

    public string IdentifierValue => view.IdentifierValue;

    [Description("Where it is, in one line; null: not known.")]
    public string? Address => view.Address;

    [Id, Description("An organisation's practitioners.")]
    public IReadOnlyList<Guid> Members => [.. view.Members.Select(member => member.Value)];
}
