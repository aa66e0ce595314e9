using GraphQL;
using Hrms.Api.GraphQL.Http;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Records;

/// <summary>A record: one FHIR resource of a patient, in one version.</summary>
[Name("Record")]
public sealed class RecordType(RecordView view)
{
    private RecordMetadata Metadata => view.Metadata;

    [Id]
    public Guid Id => Metadata.Id.Value;

    public int Version => Metadata.Version;

    public string ResourceType => Metadata.ResourceType;

    public DataClass Class => Metadata.Class;

    public IReadOnlyList<CodingType> Codes => [.. Metadata.Codes.Select(code => new CodingType(code.System, code.Value, code.Display))];

    [Description("When it was clinically relevant; null when the resource does not say.")]
    public DateTimeOffset? Date => Metadata.Date;

    [Id, Description("The providers that performed, recorded or requested it.")]
    public IReadOnlyList<Guid> Authors => [.. Metadata.Authors.Select(author => author.Value)];

    [Id]
    public Guid? Encounter => Metadata.Encounter?.Value;

    public IReadOnlyList<string> Labels => Metadata.Labels;

    public RecordSource Source => Metadata.Source;

    public ActorType EnteredBy => ActorType.Of(Metadata.EnteredBy);

    public DateTimeOffset RecordedAt => Metadata.RecordedAt;

    [Description("The event of the patient's stream that made this version: what a proof is asked for. Null for everybody but the patient, since it counts what else happened.")]
    public long? StreamVersion => Metadata.StreamVersion > 0 ? Metadata.StreamVersion : null;

    [Description("The FHIR R4 resource.")]
    [OutputType(typeof(FhirJsonGraphType))]
    public RawJson? Content => view.Content.IsEmpty ? null : new RawJson(view.Content);
}

[Name("Coding")]
public sealed record CodingType(string? System, string Code, string? Display);

[Name("Actor")]
public sealed record ActorType(ActorKind Kind, [property: Id] Guid Id, string? Role, string? ClientId)
{
    internal static ActorType Of(Actor actor) => new(actor.Kind, actor.Id, actor.Role, actor.ClientId);
}

[Name("RecordConnection")]
public sealed class RecordConnection(RecordPage page)
{
    public IReadOnlyList<RecordEdge> Edges => [.. page.Records.Select((record, i) => new RecordEdge(page.Cursors[i], new RecordType(record)))];

    public IReadOnlyList<RecordType> Nodes => [.. page.Records.Select(record => new RecordType(record))];

    public PageInfo PageInfo => new(page.HasNextPage, page.Cursors.Count > 0 ? page.Cursors[^1] : null);

    [Description("How many records match, of those the asker may see.")]
    public int TotalCount => page.TotalCount;
}

public sealed record RecordEdge(string Cursor, RecordType Node);

public sealed record PageInfo(bool HasNextPage, string? EndCursor);
