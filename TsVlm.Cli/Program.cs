using System.CommandLine;
using TsVlm.Cli;
using TsVlm.VisionLanguage;

TorchRuntime.LetIdleThreadsSleep();
var tsvlm = new RootCommand("Teaches vision-language models to classify time series, and shows honestly when that works.")
{
    RunCommand.Create(),
    ScenariosCommand.Create(),
    DatasetsCommand.Create(),
    ShowCommand.Create(),
    PredictCommand.Create(),
};
return await tsvlm.Parse(args).InvokeAsync(CommandErrors.Configuration);
