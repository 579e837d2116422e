using System.CommandLine;
using Spectre.Console;
using TsVlm.Cli.Commands;
using TsVlm.Cli.Display;
using TsVlm.VisionLanguage.Numerics;

TorchRuntime.ShareTheMachine(Environment.ProcessorCount);
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = FittedTable.UnboundedWidth;
var tsvlm = new RootCommand("Teaches vision-language models to classify time series, and shows honestly when that works.")
{
    RunCommand.Create(),
    ScenariosCommand.Create(),
    WebCommand.Create(),
    PlanCommand.Create(),
    DatasetsCommand.Create(),
    ShowCommand.Create(),
    PredictCommand.Create(),
    ServeCommand.Create(), StreamCommand.Create(),
    AuditCommand.Create(),
    CompareCommand.Create(), EarlyCommand.Create(),
    ExportCommand.Create(),
    GcCommand.Create(),
    RationalesCommand.Create(),
    PretrainCommand.Create(),
    DescribeCommand.Create(),
    CompletionCommand.Create(),
};
VersionLine.Set(tsvlm);
ArgumentChecks.Add(tsvlm);
return await tsvlm.Parse(args).InvokeAsync(CommandErrors.Configuration);
