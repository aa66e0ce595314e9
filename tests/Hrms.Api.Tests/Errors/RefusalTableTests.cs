using Hrms.Api.Errors;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Errors;

public sealed class RefusalTableTests
{
    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>()];

    [Theory, MemberData(nameof(Codes))]
    public void EveryRefusal_HasAWireForm(RefusalCode code)
    {
        var form = RefusalTable.Of(code);
        Assert.InRange(form.Http, 400, 599);
        Assert.Matches("^[a-z-]+$", form.Fhir);
        Assert.Matches("^[A-Z_]+$", form.GraphQl);
    }

    [Fact]
    public void NoTwoRefusals_LookAlikeInGraphQl() =>
        Assert.Distinct(Enum.GetValues<RefusalCode>().Select(code => RefusalTable.Of(code).GraphQl));
}
