using GraphQL;
using Hrms.Api.GraphQL.Notices;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>What the patient is told.</summary>
public sealed partial class PatientType
{
    [Description("What the patient is told without asking, newest first; null for everybody but the patient.")]
    public Task<IReadOnlyList<NoticeType>?> Notices(IResolveFieldContext context, int first = 25) => Grain(context).NoticesAsync(Asker(context), first)
        .OrNull(notices => (IReadOnlyList<NoticeType>)[.. notices.Select(notice => new NoticeType(notice))]);
}
