using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Organizations;

/// <summary>A page of how an organisation or the installation was run.</summary>
[Name("Administration")]
public sealed class AdministrationType(AdministrativePage page)
{
    [Description("Newest first; perhaps fewer than were asked for.")]
    public IReadOnlyList<AdministrativeLineType> Lines => [.. page.Lines.Select(line => new AdministrativeLineType(line))];

    [Description("What to give as before for the next page; null: there is none.")]
    public long? Before => page.Before;
}

/// <summary>Somebody, or the server by itself, did something about how an organisation or the installation is run.</summary>
[Name("AdministrativeLine")]
public sealed class AdministrativeLineType(AdministrativeLine line)
{
    [Description("Its number in the stream, which is sealed, chained and on the ledger as every other.")]
    public long StreamVersion => line.StreamVersion;

    public DateTimeOffset At => line.At;

    public AdministrativeActKind Kind => line.Kind;

    [Description("Whose doing it is; of what the accounts' server did by itself: an operator who is no person. Null: it follows from something else.")]
    public ActorType? By => line.By is { } by ? ActorType.Of(by) : null;

    [Id, Description("The practitioner, organisation, account or invitation that it is about.")]
    public Guid? Whom => line.Whom;

    [Description("A role, a reason, the app, the lane and what it was told, the setting.")]
    public string? About => line.About;
}
