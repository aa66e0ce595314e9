using Hrms.Domain.Ports;
using Hrms.Grains.Ledger;
using Hrms.Grains.Patients;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Journaling;

/// <summary>What every grain that owns a stream needs. Registered once by the silo's composition.</summary>
public sealed class StreamServices(
    IJournal journal, IContentStore contents, IKeyRing keys, IErasures erasures, IMemberKeys memberKeys, IEntropy entropy, TimeProvider clock, LaneOptions lanes, LaneWaker waker,
    ClosedLanes closedLanes, GlassReviewOptions glassReview, IPatientKeyQueue patientKeys, ILoggerFactory loggers)
{
    public IJournal Journal => journal;

    public IContentStore Contents => contents;

    public IKeyRing Keys => keys;

    public IErasures Erasures => erasures;

    public IMemberKeys MemberKeys => memberKeys;

    public IEntropy Entropy => entropy;

    public TimeProvider Clock => clock;

    public LaneOptions Lanes => lanes;

    public LaneWaker Waker => waker;

    public ClosedLanes ClosedLanes => closedLanes;

    public GlassReviewOptions GlassReview => glassReview;

    public IPatientKeyQueue PatientKeys => patientKeys;

    public ILogger Logger { get; } = loggers.CreateLogger("Hrms.Grains");
}
