using System.Text.Json.Nodes;
using Hrms.Contracts;
using Hrms.Domain.Artefacts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Tests.Sealing;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>Another member's consent, judged by a hospital from what it followed of the ledger itself.</summary>
public sealed class IssuedConsentTests
{
    private static readonly ConsentTerms Terms = Permit(DrLee, Only(DataClass.Laboratory)).Except(Deny(DrKim));
    private static readonly ConsentId Consent = new(Id(1));

    private static readonly SampleJournal Journal = new(
        new SeededEntropy(24), JsonNode.Parse(EventJson.Write<PatientEvent>(new ConsentGranted(SampleJournal.Time(6), Consent, Terms, SampleJournal.Secret)))!);

    private static readonly OpenedProof Given = ProofVerifier.Open(Journal.Bundle(6)).Proof!;
    private static readonly LedgerIdentity Ours = new(Journal.Anchor.ChainId, Journal.Anchor.GenesisHash, Journal.Anchor.Contract);
    private static readonly ChainBlock Block8 = new(8, new byte[32], SampleJournal.Time(8));

    private static readonly JsonNode Paper = ConsentArtefact.Of(
        new PatientId(Given.Bundle.Stream), Consent, new ConsentVersion(1, ConsentStatus.Active, Terms, SampleJournal.Time(6), Actor.Patient(new PatientId(Given.Bundle.Stream)), 6));

    [Fact]
    public void TheProof_IsOfAConsent_OnTheConsortiumsLedger()
    {
        Assert.Null(IssuedConsent.IsOf(Given, Ours));
        (ProofFault Fault, string Place, ProofProblem? Problem)[] others =
        [
            (ProofFault.KindDiffers, "kind", IssuedConsent.IsOf(ProofVerifier.Open(Journal.Bundle(3)).Proof!, Ours)),
            (ProofFault.ChainDiffers, "ledger.chainId", IssuedConsent.IsOf(Given, Ours with { ChainId = 1 })),
            (ProofFault.GenesisDiffers, "ledger.genesisHash", IssuedConsent.IsOf(Given, Ours with { GenesisHash = Journal.Tree.Root })),
            (ProofFault.ContractDiffers, "ledger.contract", IssuedConsent.IsOf(Given, Ours with { ContractAddress = new byte[19] })),
        ];
        Assert.All(others, other => Assert.Equal((other.Fault, other.Place), Named(other.Problem)));
    }

    [Fact]
    public void ItHolds_WhenItsBatchIsOnTheLedger_AndItsNullifierIsNot()
    {
        var rows = new FollowedConsent(Block8, Journal.Tree.Root, null);
        Assert.Null(IssuedConsent.ByRows(Given, rows));
        (ProofFault Fault, string Place, FollowedConsent Rows)[] others =
        [
            (ProofFault.RootNotOnLedger, "ledger.number", rows with { Through = null }),
            (ProofFault.RootNotOnLedger, "ledger.number", rows with { Root = null }),
            (ProofFault.RootNotOnLedger, "ledger.root", rows with { Root = new byte[32] }),
            (ProofFault.ConsentRevoked, "nullifier", rows with { RevokedIn = 7 }),
        ];
        foreach (var (fault, place, followed) in others)
            Assert.Equal((fault, place), Named(IssuedConsent.ByRows(Given, followed)));
    }

    [Fact, Trait("Feature", "22")]
    public void ThePaper_TellsOfTheEventThatTheProofOpens_OrTheDifferenceIsNamed()
    {
        Assert.Null(IssuedConsent.IsTheSame(Paper, Given));
        foreach (var member in new[] { "patient", "streamVersion", "consent", "terms" })
        {
            Assert.Equal((ProofFault.ArtefactDiffers, $"artefact.{member}"), Difference(paper => paper[member] = "another"));
            Assert.Equal((ProofFault.ArtefactDiffers, $"artefact.{member}"), Difference(paper => paper.Remove(member)));
        }
        Assert.Equal((ProofFault.ArtefactDiffers, "artefact.terms"), Difference(paper => paper["terms"]!["rule"]!["type"] = "Deny"));
        Assert.Equal((ProofFault.ArtefactDiffers, "artefact"), Difference(paper => paper["terms"] = 1.5));
        Assert.Equal((ProofFault.ArtefactDiffers, "artefact"), Difference(paper => paper["format"] = 1));
        Assert.Equal((ProofFault.NotAnArtefact, "artefact"), Difference(paper => paper["format"] = "hrms-consent/2"));
        Assert.Equal((ProofFault.ArtefactDiffers, "artefact.patient"), Difference(paper => (paper["patient"], paper["streamVersion"], paper["consent"]) = (1, 1, 1)));
        Assert.Equal((ProofFault.ArtefactDiffers, "artefact.streamVersion"), Difference(paper => (paper["streamVersion"], paper["consent"]) = (1, 1)));
        Assert.Equal(ProofFault.NotAnArtefact, IssuedConsent.IsTheSame(new JsonArray(), Given)?.Fault);
        Assert.Equal(ProofFault.NotAnArtefact, IssuedConsent.IsTheSame(null, Given)?.Fault);
    }

    /// <summary>A look at a record has neither a consent nor terms of its own: no paper is about it.</summary>
    [Fact]
    public void AnEventThatIsNoConsent_IsNoPapers()
    {
        var looked = ProofVerifier.Open(Journal.Bundle(3)).Proof!;
        var paper = Paper.DeepClone();
        (paper["streamVersion"], paper["consent"]) = (3, null);

        Assert.Equal("artefact.consent", IssuedConsent.IsTheSame(paper, looked)?.Place);
    }

    private static (ProofFault, string) Named(ProofProblem? problem)
    {
        Assert.NotEmpty(problem!.Text);
        return (problem.Fault, problem.Place);
    }

    private static (ProofFault, string) Difference(Action<JsonObject> change)
    {
        var paper = Paper.DeepClone().AsObject();
        change(paper);
        return Named(IssuedConsent.IsTheSame(paper, Given));
    }
}
