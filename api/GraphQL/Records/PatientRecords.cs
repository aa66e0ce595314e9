using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Questions about records.</summary>
public sealed partial class PatientType
{
    [Description("Records that the asker may see, latest clinical date first.")]
    public Task<RecordConnection> Records(IResolveFieldContext context, RecordFilter? where, int first = 25, string? after = null) =>
        Grain(context).SearchAsync((where ?? RecordFilter.None).ToSearch(Asker(context), first, after, context.Wants("content"))).OrError(page => new RecordConnection(page));

    [Description("One record, newest version unless one is named; null when there is none to see.")]
    public Task<RecordType?> Record(IResolveFieldContext context, [Id] Guid id, int? version) =>
        Grain(context).ReadAsync(new ReadRecord(Asker(context), new RecordId(id), version, context.Wants("content"))).OrNull(view => new RecordType(view));

    [Description("All versions of a record, oldest first.")]
    public Task<IReadOnlyList<RecordType>?> RecordVersions(IResolveFieldContext context, [Id] Guid id) =>
        Grain(context).VersionsAsync(new ReadRecord(Asker(context), new RecordId(id)))
            .OrNull(versions => (IReadOnlyList<RecordType>)[.. versions.Select(version => new RecordType(new RecordView(version, default)))]);

    [Description("The record that a reference inside another record names, such as Encounter/… or urn:uuid:….")]
    public Task<RecordType?> Reference(IResolveFieldContext context, string reference) =>
        Grain(context).ResolveAsync(new ResolveReference(Asker(context), reference)).OrNull(view => new RecordType(view));
}

/// <summary>Which records. All that is given must hold.</summary>
/// <param name="Code">A code, or <c>system|code</c>.</param>
/// <param name="From">Clinical date from this moment on.</param>
/// <param name="Until">Clinical date before this moment.</param>
/// <param name="Label">A security label that the record has, by its code.</param>
/// <param name="Text">Part of the display of one of the codes.</param>
public sealed record RecordFilter(
    IReadOnlyList<DataClass>? Classes, string? ResourceType, string? Code, DateTimeOffset? From, DateTimeOffset? Until, [property: Id] Guid? Author, string? Text,
    string? Label)
{
    internal static readonly RecordFilter None = new(null, null, null, null, null, null, null, null);

    internal RecordSearch ToSearch(Asker asker, int first, string? after, bool withContent) => new(
        asker, Classes ?? [], Code, From is null && Until is null ? null : new Period(From, Until), Author is { } id ? new ProviderId(id) : null, Text, first,
        after, withContent, ResourceType, Label: Label);
}
