// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title The members of the consortium and what they decide together
/// @notice Members decide by the majority of those who are members at the moment of the decision: who else is a member, which lane of the
/// ledger is whose, which lane is paused. A lane's member alone changes its key. An account has one life: who was a member is never a member
/// or a writer again, and a writer is never a member.
/// @dev A proposal is the call data of one of this contract's voted functions, so that a member sees by the ABI what it approves. There is no
/// function to change this contract or the ledger: another version is another deployment, which each installation takes up by its configuration.
interface IConsortium {
    /// @notice `member` takes part from now on.
    event MemberAdmitted(address indexed member);

    /// @notice `member` takes no more part; its approvals count no more, its lanes have no key.
    event MemberRemoved(address indexed member);

    /// @notice `lane` is `member`'s.
    event LaneAssigned(uint32 indexed lane, address indexed member);

    /// @notice `member` proposes `action`, which can be decided while the time is not after `deadline`.
    event Proposed(uint256 indexed proposal, address indexed member, bytes action, uint64 deadline);

    /// @notice `member` approves the proposal.
    event Approved(uint256 indexed proposal, address indexed member);

    /// @notice `member` approves it no more.
    event Withdrawn(uint256 indexed proposal, address indexed member);

    /// @notice The proposal was decided and done.
    event Executed(uint256 indexed proposal);

    /// @notice `account` is not a member.
    error ConsortiumNotMember(address account);

    /// @notice Only a vote of the members does this; `account` called it.
    error ConsortiumNotByVote(address account);

    /// @notice `account` is not the member whose lane it is.
    error ConsortiumNotLaneOwner(uint32 lane, address account);

    /// @notice `account` is or was a member or a writer, or is one of these contracts, or is zero.
    error ConsortiumAccountUnfit(address account);

    /// @notice What is proposed is not a call of a voted function.
    error ConsortiumNotAnAction();

    /// @notice There is no such proposal.
    error ConsortiumUnknownProposal(uint256 proposal);

    /// @notice The proposal is done, or its time is over.
    error ConsortiumProposalClosed(uint256 proposal);

    /// @notice Of `members` members, `approvals` approve: not more than half.
    error ConsortiumNoMajority(uint256 proposal, uint256 approvals, uint256 members);

    /// @notice A consortium has at least one member.
    error ConsortiumLastMember();

    /// @notice There are already `most` members, or lanes of the member.
    error ConsortiumFull(uint256 most);

    /// @notice Proposes an action and approves it; done at once where that is a majority. Members only.
    /// @param action Call data of `admit`, `remove`, `assignLane`, `pauseLane` or `resumeLane`.
    /// @return proposal Its number; the first is 1.
    function propose(bytes calldata action) external returns (uint256 proposal);

    /// @notice Approves a proposal, and does it when a majority approves now. Members only. The same again changes nothing.
    /// @dev When the action is refused, the whole call is, with the action's error.
    function approve(uint256 proposal) external;

    /// @notice Takes the caller's approval back. Members only. Without an approval nothing changes.
    function withdraw(uint256 proposal) external;

    /// @notice Does what a majority approves, where members left since the last approval. Members only.
    function execute(uint256 proposal) external;

    /// @notice Voted: makes an account a member.
    function admit(address account) external;

    /// @notice Voted: ends a membership. The member's lanes lose their keys at once and belong to nobody.
    function remove(address account) external;

    /// @notice Voted: gives a lane to a member, with the lane's key; what key it had ends at once.
    /// @param writer The key's account; zero when the member brings its key itself, with `rotateWriter`.
    function assignLane(uint32 lane, address member, address writer) external;

    /// @notice Voted: the lane takes no batches until it is resumed.
    function pauseLane(uint32 lane) external;

    /// @notice Voted: the lane takes batches again.
    function resumeLane(uint32 lane) external;

    /// @notice Changes a lane's key. Only the member whose lane it is, without a vote: a lost key can't wait.
    /// @param writer The new key's account; zero stops the lane until there is one.
    /// @param overlapSeconds How long the previous key still writes.
    function rotateWriter(uint32 lane, address writer, uint32 overlapSeconds) external;

    /// @notice The ledger whose lanes these are.
    function ledger() external view returns (address);

    /// @notice The register of keys with which patients sign consents themselves.
    function patientKeys() external view returns (address);

    /// @notice All members, in no order.
    function members() external view returns (address[] memory);

    /// @notice Whether `account` is a member now.
    function isMember(address account) external view returns (bool);

    /// @notice Whether `account` is or was a member.
    function wasMember(address account) external view returns (bool);

    /// @notice The member whose lane it is; zero when nobody's.
    function laneOwner(uint32 lane) external view returns (address);

    /// @notice The lanes of a member, in no order.
    function lanesOf(address member) external view returns (uint32[] memory);

    /// @notice What is proposed, until when it can be decided, whether it was done, and how many of today's members approve.
    function proposalOf(uint256 proposal) external view returns (bytes memory action, uint64 deadline, bool executed, uint256 approvals);

    /// @notice Whether `member` has approved the proposal. Counts only while it is a member.
    function hasApproved(uint256 proposal, address member) external view returns (bool);

    /// @notice How long a proposal can be decided, in seconds.
    function VOTING_PERIOD() external view returns (uint64);

    /// @notice The most members.
    function MEMBERS_MAX() external view returns (uint256);

    /// @notice The most lanes of one member.
    function LANES_PER_MEMBER_MAX() external view returns (uint256);
}
