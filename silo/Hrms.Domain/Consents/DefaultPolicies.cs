using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>What a default policy permits.</summary>
public static class DefaultPolicies
{
    public static bool Permits(this DefaultPolicy policy, AccessRequest ask) => ask.IsProvider && policy switch
    {
        DefaultPolicy.Permit => true,
        DefaultPolicy.PermitTreatment => ask.Purpose == PurposeOfUse.TREAT || ask.Purpose == PurposeOfUse.ETREAT || ask.Purpose == PurposeOfUse.COC,
        DefaultPolicy.PermitEmergency => ask.Purpose == PurposeOfUse.ETREAT,
        _ => false,
    };
}
