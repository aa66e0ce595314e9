using Hrms.Contracts;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Patients;

/// <summary>Which sign-in is fresh.</summary>
public sealed class FreshSignInTests
{
    private static readonly Asker Lee = new(DrLee, PurposeOfUse.TREAT);

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-60, true)]
    [InlineData(-61, false)]
    [InlineData(null, false)]
    public void ASignIn_IsFreshForFiveMinutes_AndOneThatIsNotSaidIsOld(int? secondsAgo, bool fresh)
    {
        var asker = Lee with { Token = new TokenFacts(0, Now, secondsAgo is { } ago ? Now.AddSeconds(-ago) : null) };
        Assert.Equal(fresh ? null : RefusalCode.FreshSignInNeeded, FreshSignIn.RefusalFor(asker, Now)?.Code);
    }

    [Fact]
    public void ForTheLaterPagesOfAnExport_ASignInIsFreshForAnHour()
    {
        Refusal? After(TimeSpan ago) => FreshSignIn.RefusalFor(Lee with { Token = new TokenFacts(0, Now, Now - ago) }, Now, Limits.ExportSignIn);
        Assert.Null(After(TimeSpan.FromHours(1)));
        Assert.Equal(RefusalCode.FreshSignInNeeded, After(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1))?.Code);
        // Who signs in again does so for five minutes, whatever for.
        Assert.Contains("max_age=300", After(TimeSpan.FromHours(2))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoComesByNoToken_IsNotAsked() => Assert.Null(FreshSignIn.RefusalFor(Lee, Now));
}
