using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Notices;

/// <summary>One thing that the patient is told.</summary>
[Name("Notice")]
public sealed class NoticeType(PatientNotice notice)
{
    public NoticeKind Kind => notice.Kind;

    public DateTimeOffset At => notice.At;

    [Id, Description("The delegation or broken glass it is about.")]
    public Guid About => notice.About;

    [Description("Whose doing it is; null: the clock's.")]
    public ActorType? By => notice.By is { } by ? ActorType.Of(by) : null;

    [Description("Of what begins: when it ends.")]
    public DateTimeOffset? Until => notice.Until;
}
