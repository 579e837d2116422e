using TsVlm.Evaluator;
using TsVlm.ServiceDefaults;
using TsVlm.VisionLanguage;

TorchRuntime.ShareTheMachine();
return await ServiceHost.Run(args, service =>
{
    var settings = EvaluatorSettings.Read(service.Settings);
    service.AddArtifacts();
    service.AddModels();
    service.AddMessaging(bus => bus.AddEvaluator(settings));
});
