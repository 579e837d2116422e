namespace TsVlm.Distributed.Tests;

public sealed class LoadTests
{
    [Fact]
    public Task Runs_whose_artifacts_are_there_all_complete() => ChaosProgram.Run("load", "--runs", "50");

    [Fact]
    public Task Requests_of_many_clients_at_once_are_all_answered() =>
        ChaosProgram.Run("api-load", "--clients", "30", "--seconds", "10", "--think-ms", "500");

    [Fact]
    public Task A_cancel_ends_all_runs_while_commands_are_being_sent() => ChaosProgram.Run("api-cancel", "--runs", "400");
}
