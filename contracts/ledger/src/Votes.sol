// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IConsortium} from "./IConsortium.sol";

/// @title Members, proposals and approvals
/// @notice The part of {IConsortium} that counts. Approvals are counted over the list of members at the moment of the decision, so that the
/// approval of one who has left is worth nothing, and is worth nothing later: nobody is admitted twice.
abstract contract Votes is IConsortium {
    struct Proposal {
        bytes action;
        uint64 deadline;
        bool executed;
    }

    enum Standing {
        None,
        Member,
        Former
    }

    /// @inheritdoc IConsortium
    uint64 public constant VOTING_PERIOD = 14 days;
    /// @inheritdoc IConsortium
    uint256 public constant MEMBERS_MAX = 64;

    address[] private _members;
    mapping(address account => Standing) private _standing;
    Proposal[] private _proposals;
    mapping(uint256 proposal => mapping(address member => bool)) private _approved;

    modifier onlyMember() {
        if (!isMember(msg.sender)) revert ConsortiumNotMember(msg.sender);
        _;
    }

    modifier onlyByVote() {
        if (msg.sender != address(this)) revert ConsortiumNotByVote(msg.sender);
        _;
    }

    /// @inheritdoc IConsortium
    function propose(bytes calldata action) external onlyMember returns (uint256 proposal) {
        if (action.length < 4 || !_isVoted(bytes4(action))) revert ConsortiumNotAnAction();
        uint64 deadline = uint64(block.timestamp) + VOTING_PERIOD;
        _proposals.push(Proposal(action, deadline, false));
        proposal = _proposals.length;
        emit Proposed(proposal, msg.sender, action, deadline);
        _approve(proposal);
    }

    /// @inheritdoc IConsortium
    function approve(uint256 proposal) external onlyMember {
        _open(proposal);
        if (!_approved[proposal][msg.sender]) _approve(proposal);
    }

    /// @inheritdoc IConsortium
    function withdraw(uint256 proposal) external onlyMember {
        _open(proposal);
        if (!_approved[proposal][msg.sender]) return;
        _approved[proposal][msg.sender] = false;
        emit Withdrawn(proposal, msg.sender);
    }

    /// @inheritdoc IConsortium
    function execute(uint256 proposal) external onlyMember {
        _open(proposal);
        uint256 approvals = _approvals(proposal);
        if (!_isMajority(approvals)) revert ConsortiumNoMajority(proposal, approvals, _members.length);
        _execute(proposal);
    }

    /// @inheritdoc IConsortium
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc IConsortium
    function isMember(address account) public view returns (bool) {
        return _standing[account] == Standing.Member;
    }

    /// @inheritdoc IConsortium
    function wasMember(address account) public view returns (bool) {
        return _standing[account] != Standing.None;
    }

    /// @inheritdoc IConsortium
    function proposalOf(uint256 proposal) external view returns (bytes memory action, uint64 deadline, bool executed, uint256 approvals) {
        Proposal storage known = _known(proposal);
        return (known.action, known.deadline, known.executed, _approvals(proposal));
    }

    /// @inheritdoc IConsortium
    function hasApproved(uint256 proposal, address member) external view returns (bool) {
        return _approved[proposal][member];
    }

    function _admit(address account) internal {
        if (wasMember(account)) revert ConsortiumAccountUnfit(account);
        if (_members.length == MEMBERS_MAX) revert ConsortiumFull(MEMBERS_MAX);
        _standing[account] = Standing.Member;
        _members.push(account);
        emit MemberAdmitted(account);
    }

    function _remove(address account) internal {
        if (!isMember(account)) revert ConsortiumNotMember(account);
        if (_members.length == 1) revert ConsortiumLastMember();
        uint256 i = 0;
        while (_members[i] != account) ++i;
        _members[i] = _members[_members.length - 1];
        _members.pop();
        _standing[account] = Standing.Former;
        emit MemberRemoved(account);
    }

    function _approve(uint256 proposal) private {
        _approved[proposal][msg.sender] = true;
        emit Approved(proposal, msg.sender);
        if (_isMajority(_approvals(proposal))) _execute(proposal);
    }

    /// @dev Marked before it is done, so that an action can't do it again.
    function _execute(uint256 proposal) private {
        Proposal storage decided = _known(proposal);
        decided.executed = true;
        (bool done, bytes memory answer) = address(this).call(decided.action);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer)) // the action's own error
            }
        }
        emit Executed(proposal);
    }

    function _open(uint256 proposal) private view {
        Proposal storage known = _known(proposal);
        if (known.executed || block.timestamp > known.deadline) revert ConsortiumProposalClosed(proposal);
    }

    function _known(uint256 proposal) private view returns (Proposal storage) {
        if (proposal == 0 || proposal > _proposals.length) revert ConsortiumUnknownProposal(proposal);
        return _proposals[proposal - 1];
    }

    function _approvals(uint256 proposal) private view returns (uint256 count) {
        for (uint256 i = 0; i < _members.length; ++i) {
            if (_approved[proposal][_members[i]]) ++count;
        }
    }

    function _isMajority(uint256 approvals) private view returns (bool) {
        return 2 * approvals > _members.length;
    }

    function _isVoted(bytes4 selector) private pure returns (bool) {
        return selector == this.admit.selector || selector == this.remove.selector || selector == this.assignLane.selector
            || selector == this.pauseLane.selector || selector == this.resumeLane.selector;
    }
}
