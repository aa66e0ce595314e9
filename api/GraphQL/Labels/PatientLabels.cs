using GraphQL;
using Hrms.Api.GraphQL.Labels;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>How labels came about.</summary>
public sealed partial class PatientType
{
    [Description("What people changed of a record's labels, oldest first; null for everybody but the patient, and when there is no such record.")]
    public Task<IReadOnlyList<LabelChangeType>?> LabelHistory([Id] Guid record, IResolveFieldContext context) =>
        Grain(context).LabelHistoryAsync(Asker(context), new RecordId(record))
            .OrNull(changes => (IReadOnlyList<LabelChangeType>)[.. changes.Select(change => new LabelChangeType(change))]);
}
