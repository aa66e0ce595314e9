using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Policies;

/// <summary>What holds for the whole record beside the consents.</summary>
[Name("PatientPolicy")]
public sealed class PolicyType(PolicyView view)
{
    [Description("What holds where no consent says anything.")]
    public DefaultPolicy Default => view.Default;

    [Description("Whether the record is closed to everybody but the patient and who acts fully for them, emergencies included.")]
    public bool OptedOut => view.OptedOut;

    [Description("The choices that led here, newest first.")]
    public IReadOnlyList<PolicyChoiceType> Choices => [.. view.Choices.Select(choice => new PolicyChoiceType(choice))];
}

/// <summary>One choice: of the default policy, or of the opt-out.</summary>
[Name("PolicyChoice")]
public sealed class PolicyChoiceType(PolicyChoice choice)
{
    public DateTimeOffset At => choice.At;

    public ActorType By => ActorType.Of(choice.By);

    [Description("The default policy that was chosen; null when it was about the opt-out.")]
    public DefaultPolicy? Default => choice.Default;

    [Description("Whether the patient opted out or came back; null when it was about the default policy.")]
    public bool? OptedOut => choice.OptedOut;

    [Description("Whether the patient was warned what it may mean for their care, and wanted it.")]
    public bool ImpactAcknowledged => choice.ImpactAcknowledged;

    [Description("The event of the patient's stream that holds it: what a proof is asked for.")]
    public long StreamVersion => choice.StreamVersion;
}
