using Hrms.Contracts;
using Hrms.Domain.Labels;

namespace Hrms.Domain.Consents;

/// <summary>What a policy needs to know of a datum: a record, or samples of a span of time.</summary>
/// <param name="Resolution">Of samples: how fine they are asked for.</param>
/// <param name="ResourceType">What apps' scopes name; null: nothing that one of them could name.</param>
public sealed record Datum(
    RecordId? Id, DataClass Class, DateTimeOffset? Date, IReadOnlyList<ProviderId> Authors, RecordId? Encounter, IReadOnlyList<string> Labels,
    SampleResolution? Resolution = null, string? ResourceType = null, IReadOnlyList<Code>? Categories = null)
{
    public Confidentiality Confidentiality { get; } = SecurityLabels.ConfidentialityOf(Labels);

    public static Datum Of(RecordMetadata record) =>
        new(record.Id, record.Class, record.Date, record.Authors, record.Encounter, record.Labels, null, record.ResourceType, record.Categories);
}
